package io.semnal.bench.fix;

import java.nio.charset.StandardCharsets;
import quickfix.ConfigError;
import quickfix.DataDictionary;
import quickfix.FieldNotFound;
import quickfix.Group;
import quickfix.InvalidMessage;
import quickfix.Message;

/** QuickFIX/J 2.3.1: from text, as its decoder makes it, with the dictionary that groups need. */
final class QuickFixCodec implements FixCodec {
  private final byte[][] messages;
  private final DataDictionary dictionary;

  QuickFixCodec(byte[][] sources) {
    messages = sources;
    try {
      dictionary = new DataDictionary("FIX44.xml");
    } catch (ConfigError e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long read(int index) {
    try {
      String text = new String(messages[index], StandardCharsets.ISO_8859_1);
      Message message = new Message();
      message.fromString(text, dictionary, true);
      long sum = message.getHeader().getInt(34);
      sum += message.getHeader().getUtcTimeStamp(52).getNano();
      boolean snapshot = message.isSetField(55);
      sum += snapshot && message.getString(55).equals("EUR/USD") ? 1 : 0;
      for (Group entry : message.getGroups(268)) {
        sum += !snapshot && entry.getString(55).equals("EUR/USD") ? 1 : 0;
        sum += entry.getChar(269);
        sum += (long) (entry.getDouble(270) * 1e8);
        sum += (long) (entry.getDouble(271) * 1e8);
      }
      return sum;
    } catch (InvalidMessage | FieldNotFound e) {
      throw new IllegalStateException(e);
    }
  }
}
