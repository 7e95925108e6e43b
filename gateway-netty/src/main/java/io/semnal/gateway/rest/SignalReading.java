package io.semnal.gateway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.semnal.gateway.OutboundHistory;
import io.semnal.gateway.json.JsonMessages;
import io.semnal.gateway.rest.Problem.Code;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.FeatureSetDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import io.semnal.protocol.session.PeerKey;
import java.io.IOException;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One signal with its feature values and what became of it. A cold thread makes and reads it. */
final class SignalReading {
  private static final int MOST_EVENTS = 1_000;

  private final OutboundHistory history;
  private final Reach reach;
  private final Catalogue names;
  private final PeerKey key;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private UnsafeBuffer found;

  SignalReading(OutboundHistory history, Reach reach, Catalogue names, PeerKey key) {
    this.history = history;
    this.reach = reach;
    this.names = names;
    this.key = key;
  }

  /**
   * @param after events from after this message on
   */
  Reply read(long id, long after) throws Problem {
    try (OutboundHistory.Cursor cursor = history.open(id - 1)) {
      cursor.readNext(
          (buffer, offset, length) -> {
            if (MessageLayout.outSeq(buffer, offset) == id
                && id >= reach.oldest()
                && !reach.isTooYoung(buffer, offset)
                && MessageLayout.templateId(buffer, offset) == SignalDecoder.TEMPLATE_ID
                && ClientResources.mayRead(
                    key, names, MessageLayout.instrumentId(buffer, offset))) {
              found = new UnsafeBuffer(new byte[length]);
              found.putBytes(0, buffer, offset, length);
            }
          });
    }
    if (found == null) {
      throw new Problem(Code.UNKNOWN_SIGNAL, "there is no signal " + id);
    }
    return Reply.json(Json.object(out -> write(out, id, after)));
  }

  private void write(JsonGenerator out, long id, long after) throws IOException {
    JsonMessages messages = new JsonMessages(names);
    out.writeFieldName("signal");
    Json.raw(out, messages.bytes(), messages.encode(found, 0, true));
    columns(out, id);
    new HistoryPage(history, reach, id, names, false)
        .write(out, "events", after, 0, MOST_EVENTS, new Events(id));
  }

  /** What the feature values are called, if that is known for sure. */
  private void columns(JsonGenerator out, long id) throws IOException {
    int featureSet = featureSet(MessageLayout.strategyId(found, 0));
    TreeMap<Integer, String> columns = new TreeMap<>();
    FeatureSetDefinitionDecoder column = new FeatureSetDefinitionDecoder();
    names.forEach(
        (buffer, offset, length) -> {
          if (MessageLayout.templateId(buffer, offset) == FeatureSetDefinitionDecoder.TEMPLATE_ID) {
            column.wrapAndApplyHeader(buffer, offset, header);
            // One defined after the signal may say something else than at its time.
            if (column.featureSetId() == featureSet && column.outSeq() < id) {
              columns.put(column.column(), column.expression());
            }
          }
        });
    if (columns.isEmpty()) {
      out.writeNullField("columns");
      return;
    }
    out.writeArrayFieldStart("columns");
    for (String expression : columns.values()) {
      out.writeString(expression);
    }
    out.writeEndArray();
  }

  private int featureSet(int strategyId) {
    StrategyDefinitionDecoder strategy = new StrategyDefinitionDecoder();
    int[] id = {-1};
    names.forEach(
        (buffer, offset, length) -> {
          if (MessageLayout.templateId(buffer, offset) == StrategyDefinitionDecoder.TEMPLATE_ID) {
            strategy.wrapAndApplyHeader(buffer, offset, header);
            if (strategy.strategyId() == strategyId) {
              id[0] = strategy.featureSetId();
            }
          }
        });
    return id[0];
  }

  /** The events of one signal, until its end. */
  private final class Events implements HistoryPage.Selection {
    private final SignalEventDecoder event = new SignalEventDecoder();
    private final long id;
    private final boolean isNeutral;

    Events(long id) {
      this.id = id;
      SignalDecoder signal = new SignalDecoder();
      signal.wrapAndApplyHeader(found, 0, header);
      isNeutral = signal.signalTypeRaw() == SignalType.NEUTRAL.value();
    }

    @Override
    public boolean passes(DirectBuffer buffer, int offset) {
      if (MessageLayout.templateId(buffer, offset) != SignalEventDecoder.TEMPLATE_ID) {
        return false;
      }
      event.wrapAndApplyHeader(buffer, offset, header);
      return event.signalId() == id;
    }

    /** A NEUTRAL signal has no life. */
    @Override
    public boolean isOver(DirectBuffer buffer, int offset) {
      return isNeutral
          || passes(buffer, offset)
              && (event.stateRaw() == SignalState.ENDED.value()
                  || event.stateRaw() == SignalState.INVALIDATED.value());
    }
  }
}
