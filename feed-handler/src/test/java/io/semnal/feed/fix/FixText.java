package io.semnal.feed.fix;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixTokenizer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Messages written by hand, with bars for separators; length and checksum are added. */
final class FixText {
  private FixText() {}

  /** The message of that text, which begins with 35. */
  static FixMessage message(String version, String body) {
    String fields = body.replace('|', '\1') + '\1';
    String front = "8=" + version + '\1' + "9=" + fields.length() + '\1' + fields;
    int sum = 0;
    for (byte b : front.getBytes(StandardCharsets.ISO_8859_1)) {
      sum += b & 0xff;
    }
    byte[] whole =
        (front + String.format("10=%03d\1", sum & 0xff)).getBytes(StandardCharsets.ISO_8859_1);
    FixMessage message = new FixMessage();
    UnsafeBuffer buffer = new UnsafeBuffer(whole);
    int found = new FixTokenizer().next(buffer, 0, whole.length, message);
    if (found != FixTokenizer.MESSAGE) {
      throw new AssertionError("no message: " + body);
    }
    return message;
  }
}
