package io.semnal.server.last;

import io.semnal.journal.last.LastKey;
import io.semnal.journal.last.LastKey.Kind;
import io.semnal.journal.last.LastValueStore;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The last message of each key, and which of them have changed since they were written to the map:
 * many messages of a key between two writes cost one write.
 */
final class LastMessages {
  /** Longest message that is kept whole. */
  private static final int LONGEST = 256;

  private static final class Cell {
    private final long key;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[LONGEST]);
    private int length;
    private boolean changed;

    private Cell(long key) {
      this.key = key;
    }
  }

  private final Long2ObjectHashMap<Cell> cells = new Long2ObjectHashMap<>();
  private final List<Cell> changed = new ArrayList<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ModelDefinitionDecoder model = new ModelDefinitionDecoder();

  /** Takes an outbound message in, if it is of a kind that is kept. */
  void onOutbound(DirectBuffer buffer, int offset, int length) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case InstrumentDefinitionDecoder.TEMPLATE_ID ->
          put(
              LastKey.of(Kind.INSTRUMENT, instrument(buffer, offset), 0, 0),
              buffer,
              offset,
              length);
      case StrategyDefinitionDecoder.TEMPLATE_ID ->
          put(
              LastKey.of(Kind.STRATEGY, 0, 0, MessageLayout.strategyId(buffer, offset)),
              buffer,
              offset,
              length);
      case ModelDefinitionDecoder.TEMPLATE_ID -> {
        model.wrapAndApplyHeader(buffer, offset, header);
        put(LastKey.of(Kind.MODEL, 0, 0, model.modelId()), buffer, offset, length);
      }
      case BarDecoder.TEMPLATE_ID -> putTopic(Kind.CLOSED_BAR, buffer, offset, length);
      case ScoreDecoder.TEMPLATE_ID -> putTopic(Kind.SCORE, buffer, offset, length);
      case SignalDecoder.TEMPLATE_ID -> putTopic(Kind.SIGNAL, buffer, offset, length);
      case SignalEventDecoder.TEMPLATE_ID -> putTopic(Kind.EVENT, buffer, offset, length);
      default -> {
        // Of no interest to somebody who wants to know how things are.
      }
    }
  }

  private void putTopic(Kind kind, DirectBuffer buffer, int offset, int length) {
    put(
        LastKey.of(
            kind,
            instrument(buffer, offset),
            MessageLayout.timeframe(buffer, offset),
            MessageLayout.strategyId(buffer, offset)),
        buffer,
        offset,
        length);
  }

  private static int instrument(DirectBuffer buffer, int offset) {
    return MessageLayout.instrumentId(buffer, offset);
  }

  void put(long key, DirectBuffer buffer, int offset, int length) {
    Cell cell = cells.get(key);
    if (cell == null) {
      cell = new Cell(key);
      cells.put(key, cell);
    }
    cell.length = Math.min(length, LONGEST);
    cell.message.putBytes(0, buffer, offset, cell.length);
    if (!cell.changed) {
      cell.changed = true;
      changed.add(cell);
    }
  }

  /** Writes what has changed. */
  void flush(LastValueStore store) {
    for (int i = 0; i < changed.size(); i++) {
      Cell cell = changed.get(i);
      store.put(cell.key, cell.message, 0, cell.length);
      cell.changed = false;
    }
    changed.clear();
  }
}
