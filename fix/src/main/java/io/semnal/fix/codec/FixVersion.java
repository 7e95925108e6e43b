package io.semnal.fix.codec;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** The session protocols that are spoken, by their BeginString (8). */
public enum FixVersion {
  FIX42("FIX.4.2"),
  FIX43("FIX.4.3"),
  FIX44("FIX.4.4"),
  /** The session layer of FIX 5.0; the application's version travels in 1137. */
  FIXT11("FIXT.1.1");

  private static final FixVersion[] ALL = values();

  private final String beginString;
  private final byte[] bytes;

  FixVersion(String beginString) {
    this.beginString = beginString;
    bytes = beginString.getBytes(StandardCharsets.US_ASCII);
  }

  public String beginString() {
    return beginString;
  }

  /** Not to be changed by the caller. */
  byte[] bytes() {
    return bytes;
  }

  /** The version of a BeginString, for example {@code FIX.4.4}. */
  public static FixVersion of(String beginString) {
    for (FixVersion version : ALL) {
      if (version.beginString.equals(beginString)) {
        return version;
      }
    }
    throw new IllegalArgumentException("no FIX version that is spoken here: " + beginString);
  }

  /** The version whose BeginString stands there; null: none of these. */
  static FixVersion at(DirectBuffer buffer, int offset, int length) {
    for (int i = 0; i < ALL.length; i++) {
      FixVersion version = ALL[i];
      if (version.bytes.length == length && matches(buffer, offset, version.bytes)) {
        return version;
      }
    }
    return null;
  }

  private static boolean matches(DirectBuffer buffer, int offset, byte[] text) {
    for (int i = text.length - 1; i >= 0; i--) {
      if (buffer.getByte(offset + i) != text[i]) {
        return false;
      }
    }
    return true;
  }
}
