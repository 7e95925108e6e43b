package io.semnal.server.warm;

import io.semnal.core.config.EngineConfig;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalState;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2IntHashMap;

/**
 * The bars that a journal holds: those of the base timeframe that earlier runs published, and those
 * that they were warmed up with.
 */
final class JournalBars {
  private static final int NONE = -1;
  private final EngineConfig config;
  private final Int2IntHashMap instruments = new Int2IntHashMap(NONE);
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final BarDecoder bar = new BarDecoder();
  private final HistoricalBarDecoder historical = new HistoricalBarDecoder();
  private final List<PastBar> bars = new ArrayList<>();

  private JournalBars(EngineConfig config, JournalState state) {
    this.config = config;
    for (int i = 0; i < config.instruments().size(); i++) {
      int id = state.instrumentId(config.instruments().get(i).symbol());
      if (id != 0) {
        instruments.put(id, i);
      }
    }
  }

  /**
   * @param from engine time from which messages are looked at
   */
  static List<PastBar> read(
      EngineConfig config, JournalDirectory journal, JournalState state, long from) {
    JournalBars found = new JournalBars(config, state);
    try (QueueReader reader = journal.outboundReader()) {
      if (reader.seekToTime(from)) {
        while (reader.readNext(found::onOutbound)) {
          // To the end.
        }
      }
    }
    try (QueueReader reader = journal.inboundReader()) {
      if (reader.seekToTime(from)) {
        while (reader.readNext(found::onInbound)) {
          // To the end.
        }
      }
    }
    return found.bars;
  }

  private void onOutbound(DirectBuffer buffer, int offset, int length) {
    if (MessageLayout.templateId(buffer, offset) != BarDecoder.TEMPLATE_ID
        || MessageLayout.timeframe(buffer, offset) != config.timeframes().getFirst().seconds()) {
      return;
    }
    int instrument = instruments.get(MessageLayout.instrumentId(buffer, offset));
    if (instrument != NONE) {
      bars.add(PastBar.of(bar.wrapAndApplyHeader(buffer, offset, header), instrument, 0));
    }
  }

  private void onInbound(DirectBuffer buffer, int offset, int length) {
    if (MessageLayout.templateId(buffer, offset) != HistoricalBarDecoder.TEMPLATE_ID) {
      return;
    }
    historical.wrapAndApplyHeader(buffer, offset, header);
    int instrument = instruments.get(historical.instrumentId());
    int timeframe = timeframe(historical.timeframe());
    if (instrument != NONE && timeframe != NONE) {
      bars.add(PastBar.of(historical, instrument, timeframe));
    }
  }

  private int timeframe(int seconds) {
    for (int i = 0; i < config.timeframes().size(); i++) {
      if (config.timeframes().get(i).seconds() == seconds) {
        return i;
      }
    }
    return NONE;
  }
}
