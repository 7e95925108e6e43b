package io.semnal.client;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.session.SessionTerms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** All that a client was handed of one channel or more, in order. */
final class Collected implements ClientHandler {
  final List<Long> outSeqs = new ArrayList<>();
  final List<byte[]> messages = new ArrayList<>();
  final List<ServerError> errors = new ArrayList<>();
  int connects;
  int losses;
  int gaps;

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) {
    int template = MessageLayout.templateId(buffer, offset);
    if (MessageLayout.isOutbound(template) && template >= 24) {
      byte[] bytes = new byte[length];
      buffer.getBytes(offset, bytes);
      messages.add(bytes);
      outSeqs.add(MessageLayout.outSeq(buffer, offset));
    }
  }

  @Override
  public void onText(String json) {
    try {
      JsonFields fields = JsonFields.parse(json);
      String type = fields.text("type");
      if (type.equals("signal") || type.equals("signalEvent") || type.equals("bar")) {
        outSeqs.add(fields.number("outSeq"));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void onConnected(SessionTerms terms) {
    connects++;
  }

  @Override
  public void onDisconnected(String why) {
    losses++;
  }

  @Override
  public void onError(ServerError error) {
    errors.add(error);
  }

  @Override
  public void onGap(int channel, int instrument, int timeframe, int strategy, long a, long b) {
    gaps++;
  }
}
