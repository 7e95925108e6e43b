package io.semnal.server.why;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.journal.Progress;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.server.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/** Says why an instrument may have no score at all. */
public final class Silence {
  private final int instrumentId;
  private final long at;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private long quotes;
  private long first;
  private long last;
  private long later = MessageLayout.ABSENT;

  private Silence(int instrumentId, long at) {
    this.instrumentId = instrumentId;
    this.at = at;
  }

  /**
   * Sentences, the likeliest cause first.
   *
   * @param config of the run that was going at that time
   * @param bars that closed until then, by timeframe in seconds
   */
  public static List<String> reasons(
      QueueReader inbound,
      EngineConfig config,
      String symbol,
      int instrumentId,
      String strategy,
      long at,
      Map<Integer, Long> bars,
      Progress progress) {
    List<String> reasons = new ArrayList<>();
    List<StrategyConfig> bound = new ArrayList<>();
    for (StrategyConfig candidate : config.strategies()) {
      if (candidate.instruments().contains(symbol)
          && (strategy == null || strategy.equals(candidate.name()))) {
        bound.add(candidate);
      }
    }
    if (bound.isEmpty()) {
      reasons.add(notBound(config, symbol, strategy));
    }
    Silence silence = new Silence(instrumentId, at);
    silence.read(inbound, progress);
    if (silence.quotes == 0) {
      reasons.add(
          "no quote of "
              + symbol
              + " had come"
              + (silence.later == MessageLayout.ABSENT
                  ? ""
                  : "; the first came at " + Times.iso(silence.later)));
    } else {
      reasons.addAll(silence.withQuotes(symbol, bound, bars));
    }
    return reasons;
  }

  private static String notBound(EngineConfig config, String symbol, String strategy) {
    List<String> names = config.strategies().stream().map(StrategyConfig::name).toList();
    if (names.isEmpty()) {
      return "the run has no strategy";
    }
    if (strategy != null && !names.contains(strategy)) {
      return "the run has no strategy '" + strategy + "'; it has " + String.join(", ", names);
    }
    return (strategy == null
            ? "no strategy of the run (" + String.join(", ", names) + ")"
            : "strategy " + strategy + " does not")
        + (strategy == null ? " has " : " have ")
        + symbol
        + " among its instruments";
  }

  private void read(QueueReader inbound, Progress progress) {
    long head = inbound.head().sequence();
    long done = 0;
    while (later == MessageLayout.ABSENT && inbound.readNext(this::onMessage)) {
      if ((++done & (Progress.EVERY - 1)) == 0) {
        progress.at("looking for quotes", done, head);
      }
    }
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) {
    if (MessageLayout.templateId(buffer, offset) != QuoteDecoder.TEMPLATE_ID) {
      return;
    }
    quote.wrapAndApplyHeader(buffer, offset, header);
    if (quote.instrumentId() != instrumentId) {
      return;
    }
    if (quote.time() > at) {
      later = quote.time();
      return;
    }
    if (quotes++ == 0) {
      first = quote.time();
    }
    last = quote.time();
  }

  private List<String> withQuotes(
      String symbol, List<StrategyConfig> bound, Map<Integer, Long> bars) {
    List<String> reasons = new ArrayList<>();
    for (StrategyConfig strategy : bound) {
      long closed = bars.getOrDefault(strategy.timeframe().seconds(), 0L);
      if (strategy.trigger() == StrategyConfig.Trigger.BAR_CLOSE && closed == 0) {
        reasons.add(
            "strategy "
                + strategy.name()
                + " scores when a "
                + strategy.timeframe().label()
                + " bar closes, and none of "
                + symbol
                + " had closed");
      } else if (strategy.trigger() == StrategyConfig.Trigger.TICK) {
        reasons.add(
            "strategy "
                + strategy.name()
                + " scores each quote that is neither late nor dropped by quality");
      }
    }
    reasons.add(
        quotes
            + " quote(s) of "
            + symbol
            + " came, from "
            + Times.iso(first)
            + " to "
            + Times.iso(last));
    return reasons;
  }
}
