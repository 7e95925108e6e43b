package io.semnal.server.fix;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.gateway.fix.UserTag;
import java.nio.charset.StandardCharsets;

/** One line for a message of the FIX port. */
public final class FixLine {
  private static final int IOI_WIDTH = 7;

  private final boolean raw;

  /**
   * @param raw whether messages are shown field by field
   */
  public FixLine(boolean raw) {
    this.raw = raw;
  }

  public String of(FixMessage message) {
    if (raw) {
      byte[] bytes = new byte[message.length()];
      message.buffer().getBytes(message.offset(), bytes);
      return new String(bytes, StandardCharsets.US_ASCII).replace('\u0001', '|');
    }
    StringBuilder line = new StringBuilder(160);
    if (message.msgType() == MsgType.IOI) {
      ioi(line, message);
    } else {
      line.append(word(message.msgType()));
      add(line, "", message.text(Tag.HEADLINE));
      add(line, "", message.text(UserTag.STREAM_STATE));
      add(line, "", message.text(Tag.TEXT));
    }
    add(line, "token=", message.text(UserTag.RESUME_TOKEN));
    if (message.isYes(Tag.POSS_DUP_FLAG) || message.isYes(Tag.POSS_RESEND)) {
      line.append(" (again)");
    }
    return line.toString();
  }

  private static String word(int type) {
    return switch (type) {
      case MsgType.NEWS -> "NEWS";
      case MsgType.BUSINESS_MESSAGE_REJECT -> "REJECT";
      default -> "STREAM";
    };
  }

  private static void ioi(StringBuilder line, FixMessage message) {
    String action =
        switch (message.character(Tag.IOI_TRANS_TYPE)) {
          case 'N' -> "NEW";
          case 'R' -> "REPLACE";
          default -> "CANCEL";
        };
    line.append("IOI ").append(action).append(" ".repeat(IOI_WIDTH - action.length()));
    add(line, "", message.text(Tag.TRANSACT_TIME));
    add(line, "", message.text(Tag.SYMBOL));
    add(line, "", message.character(Tag.SIDE) == '1' ? "BUY" : "SELL");
    add(line, "id=", message.text(UserTag.SIGNAL_ID));
    add(line, "price=", message.text(Tag.PRICE));
    add(line, "stop=", message.text(UserTag.STOP_LOSS));
    add(line, "target=", message.text(UserTag.TAKE_PROFIT));
    add(line, "strength=", message.text(UserTag.STRENGTH));
    add(line, "until=", message.text(Tag.VALID_UNTIL_TIME));
    add(line, "", message.text(UserTag.END_REASON));
    add(line, "exit=", message.text(UserTag.EXIT_PRICE));
    add(line, "pips=", message.text(UserTag.PIPS));
    add(line, "strategy=", message.text(UserTag.STRATEGY));
  }

  private static void add(StringBuilder line, String label, String value) {
    if (value != null) {
      line.append(' ').append(label).append(value);
    }
  }
}
