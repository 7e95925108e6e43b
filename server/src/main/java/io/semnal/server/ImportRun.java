package io.semnal.server;

import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.journal.FreeSpace;
import io.semnal.server.upkeep.SpaceWatch;
import java.io.IOException;
import java.util.function.LongConsumer;

/**
 * Runs ticks straight through an engine at full speed, on the calling thread, by the source clock.
 */
public final class ImportRun {
  private static final long PROGRESS_EVERY = 1 << 17;

  private ImportRun() {}

  /**
   * Imports a source to its end, then lets time pass to the end of the last quote's bar of the
   * shortest timeframe, so that this bar closes.
   *
   * @param index position of the instrument in the configuration for sources of one instrument; -1:
   *     the ticks say
   * @param place where the source stands, for errors
   * @param progress told the ticks taken, now and then
   */
  public static TickIntake run(
      EngineHost host,
      SemnalConfig config,
      Metrics metrics,
      TickSource source,
      int index,
      String place,
      LongConsumer progress)
      throws IOException {
    TickIntake intake = new TickIntake(host, config, metrics, "import", false);
    Tick tick = new Tick();
    FreeSpace space = FreeSpace.of(host.journal().path());
    long count = 0;
    while (source.next(tick)) {
      if (count == 0) {
        intake.requireNotBefore(tick, place);
      }
      intake.take(tick, index >= 0 ? index : tick.instrument);
      if ((++count & (PROGRESS_EVERY - 1)) == 0) {
        host.pump();
        SpaceWatch.requireRoom(
            host.journal().path(), space, config.runtime().journal().space().stop());
        progress.accept(count);
      }
    }
    host.pump();
    if (intake.accepted() > 0) {
      closeLastBar(host, config);
      host.pump();
    }
    return intake;
  }

  private static void closeLastBar(EngineHost host, SemnalConfig config) {
    Timeframe base = config.engine().timeframes().getFirst();
    long last = host.ingress().time();
    long end = last - Math.floorMod(last, base.nanos()) + base.nanos();
    while (!host.ingress().advanceTo(end)) {
      host.pump();
    }
  }
}
