package io.semnal.journal.example;

import io.semnal.journal.JournalReader;
import io.semnal.journal.Side;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/** The example of docs/data.md: mean spread by instrument, between two times, of any journal. */
public final class MeanSpread {
  private final Map<Integer, String> symbols = new HashMap<>();
  private final TreeMap<Integer, long[]> sums = new TreeMap<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final DefineInstrumentDecoder definition = new DefineInstrumentDecoder();

  /** By symbol, in prices. */
  public static Map<String, Double> of(Path journal, Instant from, Instant to) {
    MeanSpread spreads = new MeanSpread();
    long end = to.getEpochSecond() * 1_000_000_000L + to.getNano();
    try (JournalReader reader = JournalReader.open(journal, Side.INBOUND)) {
      boolean[] past = {false};
      reader.seek(from);
      while (!past[0]
          && reader.next(
              (buffer, offset, length) -> {
                past[0] = MessageLayout.inboundTime(buffer, offset) >= end;
                if (!past[0]) {
                  spreads.onMessage(buffer, offset);
                }
              })) {}
      // Ids are given once, at the beginning of a run: look for those that were met.
      reader.seekToStart();
      while (spreads.symbols.size() < spreads.sums.size()
          && reader.next((buffer, offset, length) -> spreads.learn(buffer, offset))) {}
    }
    return spreads.means();
  }

  private void onMessage(DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) == QuoteDecoder.TEMPLATE_ID) {
      quote.wrapAndApplyHeader(buffer, offset, header);
      long[] sum = sums.computeIfAbsent(quote.instrumentId(), id -> new long[2]);
      sum[0] += quote.ask() - quote.bid();
      sum[1]++;
    }
  }

  private void learn(DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) == DefineInstrumentDecoder.TEMPLATE_ID) {
      definition.wrapAndApplyHeader(buffer, offset, header);
      if (sums.containsKey(definition.instrumentId())) {
        symbols.put(definition.instrumentId(), definition.symbol());
      }
    }
  }

  private Map<String, Double> means() {
    Map<String, Double> means = new TreeMap<>();
    sums.forEach(
        (id, sum) ->
            means.put(
                symbols.getOrDefault(id, "#" + id),
                (double) sum[0] / sum[1] / MessageLayout.PRICE_SCALE));
    return means;
  }
}
