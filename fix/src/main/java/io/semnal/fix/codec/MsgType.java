package io.semnal.fix.codec;

import org.agrona.DirectBuffer;

/**
 * Message types (35) as an int: its one to four characters, the last in the lowest byte, so that
 * they compare and switch without text.
 */
public final class MsgType {
  public static final int HEARTBEAT = '0';
  public static final int TEST_REQUEST = '1';
  public static final int RESEND_REQUEST = '2';
  public static final int REJECT = '3';
  public static final int SEQUENCE_RESET = '4';
  public static final int LOGOUT = '5';
  public static final int IOI = '6';
  public static final int EXECUTION_REPORT = '8';
  public static final int LOGON = 'A';
  public static final int NEWS = 'B';
  public static final int EMAIL = 'C';
  public static final int NEW_ORDER_SINGLE = 'D';
  public static final int QUOTE_REQUEST = 'R';
  public static final int QUOTE = 'S';
  public static final int MARKET_DATA_REQUEST = 'V';
  public static final int MARKET_DATA_SNAPSHOT = 'W';
  public static final int MARKET_DATA_INCREMENTAL = 'X';
  public static final int MARKET_DATA_REQUEST_REJECT = 'Y';
  public static final int QUOTE_CANCEL = 'Z';
  public static final int MASS_QUOTE_ACKNOWLEDGEMENT = 'b';
  public static final int SECURITY_DEFINITION = 'd';
  public static final int MASS_QUOTE = 'i';
  public static final int BUSINESS_MESSAGE_REJECT = 'j';
  public static final int SECURITY_LIST_REQUEST = 'x';
  public static final int SECURITY_LIST = 'y';
  public static final int USER_1 = 'U' << 8 | '1';

  /** What stands for a type of no or more than four characters. */
  public static final int UNKNOWN = 0;

  private static final int LONGEST = 4;

  private MsgType() {}

  /** The type of that text, for example {@code AE}. */
  public static int of(CharSequence text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return UNKNOWN;
    }
    int type = 0;
    for (int i = 0; i < text.length(); i++) {
      type = type << Byte.SIZE | text.charAt(i) & 0xff;
    }
    return type;
  }

  static int at(DirectBuffer buffer, int offset, int length) {
    if (length < 1 || length > LONGEST) {
      return UNKNOWN;
    }
    int type = 0;
    for (int i = 0; i < length; i++) {
      type = type << Byte.SIZE | buffer.getByte(offset + i) & 0xff;
    }
    return type;
  }

  /** Whether the session layer itself answers it: 0 to 5 and A. */
  public static boolean isAdmin(int type) {
    return type >= HEARTBEAT && type <= LOGOUT || type == LOGON;
  }

  /** Its characters. Allocates. */
  public static String name(int type) {
    StringBuilder text = new StringBuilder(LONGEST);
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      int c = type >>> shift & 0xff;
      if (c != 0) {
        text.append((char) c);
      }
    }
    return text.toString();
  }
}
