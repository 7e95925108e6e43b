package io.semnal.research.compare;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.Instrument;
import io.semnal.inference.engine.QuoteRules;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.journal.RunHeaders;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.research.compare.Comparison.Differing;
import io.semnal.research.compare.Comparison.Judging;
import io.semnal.research.compare.ScoredBoth.Said;
import io.semnal.research.export.Definitions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.agrona.DirectBuffer;

/**
 * Lays a champion's scores of a journal beside those that a challenger gave in its shadow, row by
 * row by {@code causeSeq}, and both beside what the journal's quotes say became of each row: at the
 * first unflagged quote a horizon later, a BUY where the bid stands above the ask of the decision,
 * a SELL where the ask stands below its bid, else NEUTRAL.
 */
public final class ShadowComparison {
  private static final long SECOND = 1_000_000_000L;

  private final String champion;
  private final String challenger;
  private final int horizonBars;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ScoreDecoder score = new ScoreDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final Definitions definitions = new Definitions();
  private final Definitions challengers = new Definitions();
  private final Map<Key, Said> shadow = new HashMap<>();
  private final List<ScoredBoth> rows = new ArrayList<>();
  private final Map<String, Integer> horizons = new HashMap<>();
  private final Map<String, Instrument> instruments = new HashMap<>();
  private final Map<Integer, PriorityQueue<Open>> open = new HashMap<>();
  private final long[][] sides = new long[3][3];
  private final long[] outcomes = new long[3];
  private final Judging ofChampion = new Judging();
  private final Judging ofChallenger = new Judging();
  private long firstCause = Long.MAX_VALUE;
  private long lastCause = Long.MIN_VALUE;
  private long notShadowed;
  private String said = "";
  private QuoteRules rules;

  /** A cause has one score of each instrument and strategy. */
  private record Key(long causeSeq, int instrumentId, int strategyId) {}

  private record Open(long due, ScoredBoth row) {}

  private ShadowComparison(String champion, String challenger, int horizonBars) {
    this.champion = champion;
    this.challenger = challenger;
    this.horizonBars = horizonBars;
  }

  /**
   * @param champion {@code name@version}, or {@code name} for whichever version scored
   * @param challenger {@code name@version}
   * @param horizonBars bars of the strategy's timeframe; 0 = the horizon of its policy in the first
   *     run
   * @throws IllegalArgumentException naming the challengers that there are, if it is none of them
   */
  public static Comparison of(
      JournalDirectory journal, String champion, String challenger, int horizonBars) {
    ShadowComparison comparison = new ShadowComparison(champion, challenger, horizonBars);
    try (QueueReader reader = journal.shadowReader()) {
      while (reader.readNext(comparison::onShadow)) {
        // To the end.
      }
    }
    comparison.requireRows();
    try (QueueReader reader = journal.outboundReader()) {
      while (reader.readNext(comparison::onOutbound)) {
        // To the end.
      }
    }
    comparison.readQuotes(journal);
    return comparison.result();
  }

  private void requireRows() {
    if (shadow.isEmpty()) {
      throw new IllegalArgumentException(
          "the journal's shadow queue holds no score of "
              + challenger
              + (said.isEmpty() ? "" : ", but of " + said));
    }
  }

  private void onShadow(DirectBuffer buffer, int offset, int length) {
    int template = MessageLayout.templateId(buffer, offset);
    if (template == ModelDefinitionDecoder.TEMPLATE_ID) {
      challengers.learn(buffer, offset);
      return;
    }
    if (template != ScoreDecoder.TEMPLATE_ID) {
      return;
    }
    score.wrapAndApplyHeader(buffer, offset, header);
    String model = challengers.model(score.modelId());
    if (!model.equals(challenger)) {
      if (!said.contains(model)) {
        said += (said.isEmpty() ? "" : ", ") + model;
      }
      return;
    }
    firstCause = Math.min(firstCause, score.causeSeq());
    lastCause = Math.max(lastCause, score.causeSeq());
    shadow.put(key(), Said.of(score));
  }

  private Key key() {
    return new Key(score.causeSeq(), score.instrumentId(), score.strategyId());
  }

  private void onOutbound(DirectBuffer buffer, int offset, int length) {
    if (MessageLayout.templateId(buffer, offset) != ScoreDecoder.TEMPLATE_ID) {
      definitions.learn(buffer, offset);
      return;
    }
    score.wrapAndApplyHeader(buffer, offset, header);
    if (score.causeSeq() < firstCause || score.causeSeq() > lastCause || !isChampions()) {
      return;
    }
    Said own = Said.of(score);
    Said other = shadow.get(key());
    if (other == null) {
      notShadowed += own.isScored() ? 1 : 0;
      return;
    }
    rows.add(
        new ScoredBoth(
            score.time(),
            score.instrumentId(),
            definitions.strategy(score.strategyId()),
            score.timeframe(),
            score.bid(),
            score.ask(),
            own,
            other));
  }

  private boolean isChampions() {
    String model = definitions.model(score.modelId());
    return model.equals(champion) || model.startsWith(champion + "@");
  }

  private void readQuotes(JournalDirectory journal) {
    boolean[] begun = new boolean[1];
    try (QueueReader reader = journal.inboundReader()) {
      while (reader.readNext(
          (buffer, offset, length) -> {
            int template = MessageLayout.templateId(buffer, offset);
            if (template == RunHeaderDecoder.TEMPLATE_ID && !begun[0]) {
              begun[0] = true;
              begin(ConfigLoader.engine(RunHeaders.decode(buffer, offset).engineText()));
            } else if (template == QuoteDecoder.TEMPLATE_ID) {
              onQuote(quote.wrapAndApplyHeader(buffer, offset, header));
            }
          })) {
        // To the end.
      }
    }
  }

  private void begin(EngineConfig config) {
    rules = new QuoteRules(config.quality());
    for (StrategyConfig strategy : config.strategies()) {
      horizons.put(strategy.name(), strategy.policy().horizonBars());
    }
    config.instruments().forEach(instrument -> instruments.put(instrument.symbol(), instrument));
    for (ScoredBoth row : rows) {
      int horizon = horizonBars > 0 ? horizonBars : horizons.getOrDefault(row.strategy(), 1);
      long due = row.time() + (long) horizon * row.timeframe() * SECOND;
      open.computeIfAbsent(
              row.instrumentId(), id -> new PriorityQueue<>(Comparator.comparingLong(Open::due)))
          .add(new Open(due, row));
    }
  }

  private void onQuote(QuoteDecoder q) {
    PriorityQueue<Open> waiting = open.get(q.instrumentId());
    int flags = q.flags().getRaw();
    if (waiting == null || rules.isFlagged(flags) || rules.isDropped(flags)) {
      return;
    }
    while (!waiting.isEmpty() && waiting.peek().due() <= q.time()) {
      judge(waiting.poll().row(), q.bid(), q.ask());
    }
  }

  private void judge(ScoredBoth row, long bid, long ask) {
    if (!row.champion().isScored() || !row.challenger().isScored()) {
      return;
    }
    SignalType outcome =
        bid > row.ask() ? SignalType.BUY : ask < row.bid() ? SignalType.SELL : SignalType.NEUTRAL;
    outcomes[Comparison.SIDES.indexOf(outcome)]++;
    double pip = instruments.get(definitions.instrument(row.instrumentId()).symbol()).pip();
    double buyPips = (bid - row.ask()) / pip;
    double sellPips = (row.bid() - ask) / pip;
    ofChampion.add(row.champion(), outcome, buyPips, sellPips);
    ofChallenger.add(row.challenger(), outcome, buyPips, sellPips);
  }

  private Comparison result() {
    Differing buy = new Differing("buy");
    Differing sell = new Differing("sell");
    Differing neutral = new Differing("neutral");
    Differing output = new Differing("output");
    long scored = 0;
    long agreed = 0;
    for (ScoredBoth row : rows) {
      Said a = row.champion();
      Said b = row.challenger();
      if (!a.isScored() || !b.isScored()) {
        continue;
      }
      scored++;
      agreed += a.side() == b.side() ? 1 : 0;
      sides[Comparison.SIDES.indexOf(a.side())][Comparison.SIDES.indexOf(b.side())]++;
      buy.add(a.buy(), b.buy());
      sell.add(a.sell(), b.sell());
      neutral.add(a.neutral(), b.neutral());
      output.add(a.output(), b.output());
    }
    return new Comparison(
        champion,
        challenger,
        rows.size(),
        scored,
        notShadowed,
        (double) agreed / scored,
        sides,
        List.of(buy.difference(), sell.difference(), neutral.difference(), output.difference()),
        outcomes[0] + outcomes[1] + outcomes[2],
        outcomes,
        ofChampion.judgement(),
        ofChallenger.judgement());
  }
}
