package io.semnal.server.upkeep;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.metrics.Metrics;
import io.semnal.journal.FreeSpace;
import io.semnal.journal.JournalDirectory;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Everything that keeps a running server's journal within its disk: wires it, starts it, ends it.
 */
public final class JournalUpkeep implements AutoCloseable {
  private final Retention retention;
  private final SpaceWatch space;

  /**
   * @param warmUp span of the journal that a new run would warm up with
   * @param inbound takes commands, from the watch thread
   * @param stop has the server stopped in order, and told why
   */
  public JournalUpkeep(
      RuntimeConfig.Journal config,
      JournalDirectory journal,
      Duration warmUp,
      InboundPort inbound,
      Consumer<String> stop,
      Metrics metrics) {
    retention = new Retention(journal, config.retention(), warmUp);
    space =
        new SpaceWatch(
            FreeSpace.of(journal.path()), config.space(), inbound, stop, metrics, System::nanoTime);
  }

  /** Watches the disk, on a thread that cold work does not hold up. */
  public SpaceWatch space() {
    return space;
  }

  /** Begins to prune, every so often. */
  public void start() {
    retention.start();
  }

  @Override
  public void close() {
    retention.close();
  }
}
