package io.semnal.journal;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The outbound messages that still hold at a point of the journal, however long ago they were
 * published: every definition in its last wording, and each open signal with its latest event. What
 * a client has to be told first needs no reading of the whole journal. Allocates for definitions
 * and signals only.
 */
final class StandingMessages implements Stateful {
  private final Map<UnsafeBuffer, byte[]> definitions = new HashMap<>();
  private final TreeMap<Long, byte[]> signals = new TreeMap<>();
  private final TreeMap<Long, byte[]> events = new TreeMap<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();

  void onOutbound(DirectBuffer buffer, int offset, int length) {
    int template = MessageLayout.templateId(buffer, offset);
    switch (template) {
      case SignalDecoder.TEMPLATE_ID -> {
        signal.wrapAndApplyHeader(buffer, offset, header);
        // A NEUTRAL has no life.
        if (signal.signalType() != SignalType.NEUTRAL) {
          signals.put(MessageLayout.outSeq(buffer, offset), bytes(buffer, offset, length));
        }
      }
      case SignalEventDecoder.TEMPLATE_ID -> onEvent(buffer, offset, length);
      default -> {
        if (Channel.of(template) == Channel.DEFINITIONS) {
          define(bytes(buffer, offset, length));
        }
      }
    }
  }

  private void onEvent(DirectBuffer buffer, int offset, int length) {
    event.wrapAndApplyHeader(buffer, offset, header);
    long id = event.signalId();
    SignalState state = event.state();
    if (state == SignalState.ENDED || state == SignalState.INVALIDATED) {
      signals.remove(id);
      events.remove(id);
    } else if (signals.containsKey(id)) {
      events.put(id, bytes(buffer, offset, length));
    }
  }

  /** A definition said again in the same words replaces the earlier one. */
  private void define(byte[] message) {
    UnsafeBuffer wording = new UnsafeBuffer(message.clone());
    MessageLayout.sequence(
        wording,
        0,
        0,
        0,
        0,
        0,
        MessageLayout.instrumentId(wording, 0),
        MessageLayout.timeframe(wording, 0),
        MessageLayout.strategyId(wording, 0));
    definitions.put(wording, message);
  }

  private static byte[] bytes(DirectBuffer buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.getBytes(offset, bytes);
    return bytes;
  }

  /** In the order in which they were published. */
  List<byte[]> inOrder() {
    List<byte[]> all = new ArrayList<>(definitions.values());
    all.addAll(signals.values());
    all.addAll(events.values());
    all.sort(Comparator.comparingLong(m -> MessageLayout.outSeq(new UnsafeBuffer(m), 0)));
    return all;
  }

  @Override
  public void state(StateVisitor s) {
    List<byte[]> all = s.isReading() ? List.of() : inOrder();
    int count = s.of(all.size());
    if (s.isReading()) {
      definitions.clear();
      signals.clear();
      events.clear();
    }
    for (int i = 0; i < count; i++) {
      byte[] message = s.of(s.isReading() ? null : all.get(i));
      if (s.isReading()) {
        onOutbound(new UnsafeBuffer(message), 0, message.length);
      }
    }
  }
}
