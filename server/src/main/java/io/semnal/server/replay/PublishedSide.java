package io.semnal.server.replay;

import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.research.export.Definitions;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/**
 * Reads the signals of one outbound journal in order, and counts what became of them. Memory is
 * taken by open signals only.
 */
final class PublishedSide implements AutoCloseable {
  private final QueueReader reader;
  private final long from;
  private final long until;
  private final Definitions definitions = new Definitions();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final Map<Long, PublishedSignal.Group> open = new HashMap<>();
  private final Map<PublishedSignal.Group, OutcomeCount> outcomes = new TreeMap<>();
  private PublishedSignal next;
  private boolean ended;

  /**
   * @param from first cause that counts
   * @param until last cause that counts
   */
  PublishedSide(QueueReader reader, long from, long until) {
    this.reader = reader;
    this.from = from;
    this.until = until;
  }

  /** The next signal, which {@link #take} takes; {@code null} = there is none. */
  PublishedSignal peek() {
    while (next == null && !ended) {
      if (!reader.readNext(this::onMessage)) {
        ended = true;
      }
    }
    return next;
  }

  PublishedSignal take() {
    PublishedSignal taken = peek();
    next = null;
    return taken;
  }

  /** What became of those that were entered; all of them once {@link #peek} has said null. */
  Map<PublishedSignal.Group, OutcomeCount> outcomes() {
    return outcomes;
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) {
    definitions.learn(buffer, offset);
    long cause = MessageLayout.causeSeq(buffer, offset);
    if (cause > until) {
      ended = true;
      return;
    }
    switch (MessageLayout.templateId(buffer, offset)) {
      case SignalDecoder.TEMPLATE_ID -> onSignal(buffer, offset, cause);
      case SignalEventDecoder.TEMPLATE_ID -> onEvent(buffer, offset, cause);
      default -> {
        // Of no interest here.
      }
    }
  }

  private void onSignal(DirectBuffer buffer, int offset, long cause) {
    signal.wrapAndApplyHeader(buffer, offset, header);
    PublishedSignal.Group group =
        new PublishedSignal.Group(
            definitions.strategy(MessageLayout.strategyId(buffer, offset)),
            definitions.instrument(MessageLayout.instrumentId(buffer, offset)).symbol(),
            MessageLayout.timeframe(buffer, offset),
            signal.signalType());
    open.put(signal.outSeq(), group);
    if (cause >= from) {
      next =
          new PublishedSignal(
              signal.outSeq(),
              cause,
              new PublishedSignal.Key(group, signal.time(), cause),
              signal.strength(),
              signal.entry(),
              signal.stopLoss(),
              signal.takeProfit(),
              signal.expiration(),
              definitions.model(signal.modelId()));
    }
  }

  private void onEvent(DirectBuffer buffer, int offset, long cause) {
    event.wrapAndApplyHeader(buffer, offset, header);
    if (event.state() == SignalState.ACTIVE) {
      return;
    }
    PublishedSignal.Group group = open.remove(event.signalId());
    if (group != null && cause >= from && !Double.isNaN(event.pips())) {
      outcomes.computeIfAbsent(group, g -> new OutcomeCount()).add(event.pips());
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
