package io.semnal.features.graph;

import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.features.bar.BarAggregator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All nodes of all instruments and timeframes, and the order in which a boundary brings them up to
 * date: stage by stage, so that a node which looks into another timeframe or instrument sees what
 * closed there at the same instant.
 */
public final class FeatureGraph implements Stateful {
  private static final GraphContext[] NONE = {};

  private final List<Timeframe> timeframes;
  private final MarketCalendar calendar;
  private final List<GraphContext> contexts = new ArrayList<>();

  /** By {@code instrument × timeframes + timeframe}: one per price in use. */
  private final GraphContext[][] byKey;

  private final Plans plans;
  private int stages;
  private boolean sealed;
  private long now = Long.MIN_VALUE / 2;
  private long changes;

  /**
   * @param plans how nodes are brought up to date
   */
  public FeatureGraph(
      int instruments, List<Timeframe> timeframes, MarketCalendar calendar, Plans plans) {
    this.timeframes = timeframes;
    this.calendar = calendar;
    this.plans = plans;
    byKey = new GraphContext[instruments * timeframes.size()][];
    Arrays.fill(byKey, NONE);
  }

  /** The context of these three, made where it is missing. */
  public GraphContext context(int instrument, int timeframe, Price price) {
    int key = instrument * timeframes.size() + timeframe;
    for (GraphContext context : byKey[key]) {
      if (context.price() == price) {
        return context;
      }
    }
    GraphContext context = new GraphContext(this, instrument, timeframes.get(timeframe), price);
    contexts.add(context);
    byKey[key] = Arrays.copyOf(byKey[key], byKey[key].length + 1);
    byKey[key][byKey[key].length - 1] = context;
    return context;
  }

  /** Engine time, against which the age of other contexts' bars is measured. */
  public void now(long time) {
    now = time;
    changes++;
  }

  /** Rises with everything that a provisional value may depend on. */
  long changes() {
    return changes;
  }

  public boolean isSealed() {
    return sealed;
  }

  /** Ends construction. */
  public void seal() {
    for (GraphContext context : contexts) {
      context.seal();
      stages = Math.max(stages, context.stageCount());
    }
    sealed = true;
  }

  /** Commits the bars that closed at one instant. */
  public void close(long boundary, int[] keys, int count, BarAggregator bars) {
    now(boundary);
    for (int i = 0; i < count; i++) {
      for (GraphContext context : byKey[keys[i]]) {
        context.beginClose(bars.closed(keys[i]));
      }
    }
    for (int stage = 0; stage < stages; stage++) {
      for (int i = 0; i < count; i++) {
        for (GraphContext context : byKey[keys[i]]) {
          context.closeStage(stage);
        }
      }
    }
    for (int i = 0; i < count; i++) {
      for (GraphContext context : byKey[keys[i]]) {
        context.endClose();
      }
    }
  }

  /** Of a sealed graph. Its rows find that something has changed, and compute anew. */
  @Override
  public void state(StateVisitor s) {
    s.section("graph of " + contexts.size());
    if (s.isReading() && changes != 0) {
      throw new IllegalStateException("state is put into a graph that has seen no bar yet");
    }
    now = s.of(now);
    for (GraphContext context : contexts) {
      context.state(s);
    }
  }

  Plans plans() {
    return plans;
  }

  MarketCalendar calendar() {
    return calendar;
  }

  long now() {
    return now;
  }

  int indexOf(GraphContext context) {
    return contexts.indexOf(context);
  }
}
