package io.semnal.server;

import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.journal.FreeSpace;
import io.semnal.journal.ImportMark;
import io.semnal.journal.JournalException;
import io.semnal.server.upkeep.SpaceWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Runs ticks straight through an engine at full speed, on the calling thread, by the source clock.
 */
public final class ImportRun {
  private static final String SOURCE = "import";
  private static final long PROGRESS_EVERY = 1 << 17;

  /** Ticks between two looks at the disk: they take a few MiB. */
  private static final long SPACE_EVERY = 1 << 13;

  private final EngineHost host;
  private final SemnalConfig config;
  private final TickIntake intake;
  private final int index;
  private final LongConsumer progress;
  private final FreeSpace space;
  private long count;

  private ImportRun(
      EngineHost host, SemnalConfig config, Metrics metrics, int index, LongConsumer progress) {
    this.host = host;
    this.config = config;
    this.index = index;
    this.progress = progress;
    intake = new TickIntake(host, config, metrics, SOURCE, false);
    space = FreeSpace.of(host.journal().path());
  }

  /**
   * Imports a source to its end, then lets time pass to the end of the last quote's bar of the
   * shortest timeframe, so that this bar closes.
   *
   * @param index position of the instrument in the configuration for sources of one instrument; -1:
   *     the ticks say
   * @param inputs the source's files: an earlier import of the same ones that was stopped or killed
   *     goes on behind its last tick; empty = the source is no files
   * @param place where the source stands, for errors
   * @param progress told the ticks passed, now and then
   * @throws JournalException if the disk has less room than {@code journal.space.stop}: what was
   *     taken until then is in the journal
   */
  public static TickIntake run(
      EngineHost host,
      SemnalConfig config,
      Metrics metrics,
      TickSource source,
      int index,
      List<Path> inputs,
      String place,
      LongConsumer progress)
      throws IOException {
    ImportRun run = new ImportRun(host, config, metrics, index, progress);
    if (inputs.isEmpty()) {
      run.take(source, 0, place);
      return run.intake;
    }
    long there = host.sources().lastSeq(host.sources().find(SOURCE));
    ImportMark mark = ImportMark.begin(host.journal(), inputs, there);
    run.take(source, mark.taken(), place);
    mark.done();
    return run.intake;
  }

  private void take(TickSource source, long taken, String place) throws IOException {
    Tick tick = new Tick();
    long left = taken;
    long last = Long.MIN_VALUE;
    boolean first = true;
    while (source.next(tick)) {
      count++;
      int instrument = index >= 0 ? index : tick.instrument;
      last = Math.max(last, tick.eventTime);
      if (left > 0) {
        left -= intake.skip(tick, instrument) ? 1 : 0;
      } else {
        if (first) {
          first = false;
          intake.requireNotBefore(last, place);
        }
        intake.take(tick, instrument);
      }
      look(tick);
    }
    host.pump();
    if (taken + intake.accepted() > 0) {
      closeLastBar(host, config);
      host.pump();
    }
  }

  private void look(Tick tick) {
    if ((count & (SPACE_EVERY - 1)) == 0) {
      host.pump();
      try {
        SpaceWatch.requireRoom(
            host.journal().path(), space, config.runtime().journal().space().stop());
      } catch (JournalException e) {
        throw new JournalException(
            "the import stopped in order behind tick "
                + count
                + ", of "
                + Times.iso(tick.eventTime)
                + ", which is in the journal: "
                + e.getMessage()
                + "; the same command then goes on from there",
            e);
      }
    }
    if ((count & (PROGRESS_EVERY - 1)) == 0) {
      progress.accept(count);
    }
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
