package io.semnal.server.why;

import io.semnal.journal.Progress;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.EngineState;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.research.export.Definitions;
import io.semnal.server.Times;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Finds the last scores of an instrument in an outbound journal, reading it once from its start.
 */
public final class ScoreSearch {
  private final int instrumentId;
  private final String strategy;
  private final long at;
  private final int most;
  private final Definitions definitions = new Definitions();
  private final ArrayDeque<FoundScore> found = new ArrayDeque<>();
  private final Map<Integer, Life> lives = new HashMap<>();
  private final Map<Integer, Integer> barFlags = new HashMap<>();
  private final Map<Integer, Long> bars = new HashMap<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ScoreDecoder score = new ScoreDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final BarDecoder bar = new BarDecoder();
  private final EngineStatusDecoder status = new EngineStatusDecoder();
  private final FeedQualityDecoder feed = new FeedQualityDecoder();
  private String operator = "";
  private int operatorStrategy;
  private String feedTrouble = "";
  private long outSeq;
  private boolean over;

  private static final class Life {
    long open;
    SignalType type = SignalType.NEUTRAL;
    long lastEnd = MessageLayout.ABSENT;
  }

  private ScoreSearch(int instrumentId, String strategy, long at, int most) {
    this.instrumentId = instrumentId;
    this.strategy = strategy;
    this.at = at;
    this.most = most;
  }

  /**
   * Reads the queue.
   *
   * @param strategy its name, or {@code null} for any
   * @param at engine time after which nothing counts
   * @param most how many scores to keep, the last ones
   */
  public static ScoreSearch run(
      QueueReader outbound,
      int instrumentId,
      String strategy,
      long at,
      int most,
      Progress progress) {
    ScoreSearch search = new ScoreSearch(instrumentId, strategy, at, most);
    long head = outbound.head().sequence();
    long done = 0;
    while (!search.over && outbound.readNext(search::onMessage)) {
      if ((++done & (Progress.EVERY - 1)) == 0) {
        progress.at("looking for scores", done, head);
      }
    }
    return search;
  }

  /** In their order, the oldest first. */
  public List<FoundScore> scores() {
    return new ArrayList<>(found);
  }

  /** The last {@code outSeq} that was read. */
  public long outSeq() {
    return outSeq;
  }

  public Definitions definitions() {
    return definitions;
  }

  /** How many bars of the instrument closed, by timeframe in seconds. */
  public Map<Integer, Long> bars() {
    return bars;
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) {
    if (MessageLayout.outboundTime(buffer, offset) > at) {
      over = true;
      return;
    }
    outSeq = MessageLayout.outSeq(buffer, offset);
    int id = MessageLayout.instrumentId(buffer, offset);
    boolean ours = id == instrumentId;
    switch (MessageLayout.templateId(buffer, offset)) {
      case ScoreDecoder.TEMPLATE_ID -> {
        if (ours) {
          onScore(score.wrapAndApplyHeader(buffer, offset, header));
        }
      }
      case SignalDecoder.TEMPLATE_ID -> {
        if (ours) {
          onSignal(signal.wrapAndApplyHeader(buffer, offset, header));
        }
      }
      case SignalEventDecoder.TEMPLATE_ID -> {
        if (ours) {
          onEvent(event.wrapAndApplyHeader(buffer, offset, header));
        }
      }
      case BarDecoder.TEMPLATE_ID -> {
        if (ours) {
          onBar(buffer, offset);
        }
      }
      case EngineStatusDecoder.TEMPLATE_ID -> {
        if (ours || id == 0) {
          onStatus(status.wrapAndApplyHeader(buffer, offset, header));
        }
      }
      case FeedQualityDecoder.TEMPLATE_ID -> {
        if (ours || id == 0) {
          onFeed(feed.wrapAndApplyHeader(buffer, offset, header));
        }
      }
      default -> definitions.learn(buffer, offset);
    }
  }

  private void onScore(ScoreDecoder decoder) {
    String name = definitions.strategy(decoder.strategyId());
    if (strategy != null && !strategy.equals(name)) {
      return;
    }
    FoundScore next = new FoundScore(decoder, name, definitions.model(decoder.modelId()));
    Life life = life(next.strategyId);
    next.barFlags = barFlags.getOrDefault(next.timeframe, -1);
    next.openSignal = life.open;
    next.openType = life.type;
    next.lastEnd = life.lastEnd;
    next.operator = operatorStrategy == 0 || operatorStrategy == next.strategyId ? operator : "";
    next.feed = feedTrouble;
    found.addLast(next);
    if (found.size() > most) {
      found.removeFirst();
    }
  }

  private void onSignal(SignalDecoder decoder) {
    FoundScore last = lastOf(decoder.strategyId());
    if (last != null && last.causeSeq == decoder.causeSeq() && last.time == decoder.time()) {
      last.published = decoder.outSeq();
    }
    if (decoder.signalType() != SignalType.NEUTRAL) {
      Life life = life(decoder.strategyId());
      life.open = decoder.outSeq();
      life.type = decoder.signalType();
    }
  }

  private void onEvent(SignalEventDecoder decoder) {
    if (decoder.state() == SignalState.ENDED || decoder.state() == SignalState.INVALIDATED) {
      Life life = life(decoder.strategyId());
      life.open = 0;
      life.lastEnd = decoder.time();
    }
  }

  private void onBar(DirectBuffer buffer, int offset) {
    bar.wrapAndApplyHeader(buffer, offset, header);
    int flags =
        buffer.getShort(bar.offset() + BarDecoder.flagsEncodingOffset(), ByteOrder.LITTLE_ENDIAN)
            & 0xFFFF;
    barFlags.put(bar.timeframe(), flags);
    bars.merge(bar.timeframe(), 1L, Long::sum);
  }

  private void onStatus(EngineStatusDecoder decoder) {
    boolean paused = decoder.state() == EngineState.PAUSED;
    operatorStrategy = decoder.strategyId();
    String text = decoder.command() + " at " + Times.iso(decoder.time());
    String why = decoder.reason();
    operator = paused ? text + (why.isEmpty() ? "" : ": " + why) : "";
  }

  private void onFeed(FeedQualityDecoder decoder) {
    String text = decoder.state() + " at " + Times.iso(decoder.time());
    String why = decoder.reason();
    feedTrouble = decoder.state() == FeedState.UP ? "" : text + (why.isEmpty() ? "" : ": " + why);
  }

  private FoundScore lastOf(int strategyId) {
    var latest = found.descendingIterator();
    while (latest.hasNext()) {
      FoundScore candidate = latest.next();
      if (candidate.strategyId == strategyId) {
        return candidate;
      }
    }
    return null;
  }

  private Life life(int strategyId) {
    return lives.computeIfAbsent(strategyId, id -> new Life());
  }
}
