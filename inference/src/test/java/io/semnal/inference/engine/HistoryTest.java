package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.SECOND;
import static io.semnal.inference.engine.EngineRig.START;
import static io.semnal.inference.engine.EngineRig.price;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.StrategyConfig.Trigger;
import io.semnal.core.market.Timeframe;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.HistoricalBarEncoder;
import io.semnal.protocol.sbe.ScoreReason;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Historical bars on their way through the engine. */
class HistoryTest {
  private static final int TICKS =
      MessageLayout.HEADER + HistoricalBarEncoder.ticksEncodingOffset();

  private final List<float[]> scored = new ArrayList<>();

  /** A tick strategy over one column that looks at both instruments or at the volume. */
  private EngineRig rig(String... columns) {
    TestConfig config = new TestConfig();
    config.sets.clear();
    config.sets.add(
        new FeatureSetConfig("fx", Timeframe.M1, FeatureSetConfig.Price.MID, List.of(columns)));
    config.strategy("s", Trigger.BAR_CLOSE, "EURUSD");
    ScriptedScorer scorer =
        new ScriptedScorer(
            columns.length,
            3,
            false,
            (row, out) -> {
              scored.add(row.clone());
              out[0] = 0.2;
              out[1] = 0.2;
              out[2] = 0.6;
              return true;
            });
    return new EngineRig(
            config.build(), ScriptedScorer.model("test", 1, 1, List.of(columns), scorer))
        .start(START);
  }

  private static byte[] bar(EngineRig rig, int instrument, int minute, double price) {
    return rig.in.bar(
        instrument,
        60,
        START + minute * MINUTE,
        START + (minute + 1) * MINUTE,
        price(price),
        100_000);
  }

  @Test
  void clocksAmongTheBarsOfOneTimeChangeNothing() {
    String column = "ema(close#USDJPY / close, 3)";
    for (boolean clocked : new boolean[] {false, true}) {
      EngineRig rig = rig(column);
      for (int i = 0; i < 60; i++) {
        rig.send(bar(rig, 1, i, 1.1 + i * 0.001));
        if (clocked) {
          rig.clock(START + (i + 1) * MINUTE);
        }
        rig.send(bar(rig, 2, i, 100 + i * i * 0.01));
      }
      rig.quote(START + 60 * MINUTE + SECOND, 1.2, 1.2001);
      rig.quote(START + 61 * MINUTE + SECOND, 1.2, 1.2001);
    }
    assertThat(scored).hasSize(2);
    assertThat(scored.get(1)).isEqualTo(scored.get(0));
  }

  @Test
  void aBarThatEndsAfterTheEnginesTimeIsLeftOut() {
    EngineRig rig = rig("sma(3)");
    for (int i = 0; i < 3; i++) {
      byte[] early = bar(rig, 1, i, 1.1);
      UnsafeBuffer message = new UnsafeBuffer(early);
      MessageLayout.stamp(message, 0, i + 5, START + (i + 1) * MINUTE - 1);
      rig.send(early);
    }
    assertThat(rig.engine.historyFrom(0, 0)).isEqualTo(Long.MIN_VALUE);
    assertThat(rig.engine.coldSlots())
        .extracting(ColdSlot::sentence)
        .containsExactly("EURUSD 1m fx: 0 of 3 1m bars, column sma(3)");
  }

  @Test
  void missingVolumeIsMissingAndNoVolumeIsZero() {
    for (long ticks : new long[] {MessageLayout.ABSENT, 0}) {
      EngineRig rig = rig("lag(volume, 1)");
      for (int i = 0; i < 4; i++) {
        byte[] message = bar(rig, 1, i, 1.1);
        new UnsafeBuffer(message).putLong(TICKS, ticks, ByteOrder.LITTLE_ENDIAN);
        rig.send(message);
      }
      rig.quote(START + 4 * MINUTE + SECOND, 1.1, 1.1001);
      rig.clock(START + 5 * MINUTE);
      assertThat(rig.lastReason())
          .isEqualTo(ticks == 0 ? ScoreReason.BELOW_THRESHOLD : ScoreReason.QUALITY);
    }
    assertThat(scored).hasSize(1);
    assertThat(scored.getFirst()).containsExactly(0);
  }
}
