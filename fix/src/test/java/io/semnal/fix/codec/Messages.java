package io.semnal.fix.codec;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Messages as text with bars for separators, made whole and read. */
public final class Messages {
  private Messages() {}

  /** Bytes of a message given without 8, 9 and 10. */
  public static byte[] whole(String version, String body) {
    String fields = body.replace('|', '\1');
    String front = "8=" + version + '\1' + "9=" + bytes(fields).length + '\1' + fields;
    int sum = 0;
    for (byte b : bytes(front)) {
      sum += b & 0xff;
    }
    return bytes(front + String.format("10=%03d\1", sum & 0xff));
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The first message of those bytes. */
  static FixMessage read(byte[] bytes) {
    FixMessage message = new FixMessage();
    int outcome = new FixTokenizer().next(new UnsafeBuffer(bytes), 0, bytes.length, message);
    if (outcome != FixTokenizer.MESSAGE) {
      throw new AssertionError("no message: " + outcome);
    }
    return message;
  }

  static FixMessage message(String body) {
    return read(whole("FIX.4.4", body));
  }
}
