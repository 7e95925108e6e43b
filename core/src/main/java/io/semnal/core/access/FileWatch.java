package io.semnal.core.access;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files again when they change: keys, certificates. Looks four times a second, so that a
 * revocation takes less than one. What cannot be read is logged and counted once, and what was read
 * before stays in force. One thread, which nothing else holds up.
 */
public final class FileWatch implements Agent {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  private static final long EVERY_NANOS = 250_000_000L;

  /** What reads a set of files again. */
  @FunctionalInterface
  public interface Reload {
    /** Returns whether anything is different; what is wrong is thrown, and nothing changes then. */
    boolean run() throws IOException;
  }

  /** What tells one state of a file from the next. */
  private record Stamp(long modified, long size, Object fileKey) {
    static final Stamp NONE = new Stamp(0, -1, null);
  }

  private static final class Watched {
    final String what;
    final List<Path> files;
    final Reload reload;

    /** None yet: the first look reads again, for what changed since the file was opened. */
    List<Stamp> stamps = List.of();

    /** Why they could not be read at the last try; {@code null} = they could. */
    volatile String problem;

    Watched(String what, List<Path> files, Reload reload) {
      this.what = what;
      this.files = files;
      this.reload = reload;
    }

    List<Stamp> stamps() {
      List<Stamp> found = new ArrayList<>();
      for (Path file : files) {
        found.add(stamp(file));
      }
      return found;
    }
  }

  private final Counter reloads;
  private final Counter failures;
  private final List<Watched> watched = new ArrayList<>();
  private long nextLook;

  public FileWatch(Metrics metrics) {
    reloads = metrics.counter("access_reloads_total", "Key and certificate files read again");
    failures =
        metrics.counter(
            "access_reloads_failed_total", "Key and certificate files that could not be read");
    metrics.gauge(
        "access_files_unreadable",
        "Key and certificate files that cannot be read now",
        () -> problems().size());
  }

  /** Watches these files; before the agent runs. */
  public FileWatch add(String what, List<Path> files, Reload reload) {
    watched.add(new Watched(what, List.copyOf(files), reload));
    return this;
  }

  @Override
  public int doWork() {
    long now = System.nanoTime();
    return nextLook == 0 || now - nextLook >= 0 ? look(now) : 0;
  }

  private int look(long now) {
    nextLook = now + EVERY_NANOS;
    int work = 0;
    for (Watched each : watched) {
      List<Stamp> stamps = each.stamps();
      if (!stamps.equals(each.stamps)) {
        each.stamps = stamps;
        work++;
        reload(each);
      }
    }
    return work;
  }

  private void reload(Watched each) {
    try {
      boolean changed = each.reload.run();
      reloads.increment();
      each.problem = null;
      if (changed) {
        LOG.info("{} changed and was read again", each.what);
      }
    } catch (IOException | RuntimeException e) {
      failures.increment();
      each.problem = each.what + " cannot be read, what was read before counts: " + e.getMessage();
      LOG.error("{} cannot be read, what was read before counts: {}", each.what, e.getMessage());
    }
  }

  /** What could not be read when it was last looked at. Any thread. */
  public List<String> problems() {
    return watched.stream().map(each -> each.problem).filter(Objects::nonNull).toList();
  }

  private static Stamp stamp(Path file) {
    try {
      BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(
          a.lastModifiedTime().to(TimeUnit.NANOSECONDS), a.size(), Objects.toString(a.fileKey()));
    } catch (IOException e) {
      // Not there now: another state than before, and the reload says so.
      return Stamp.NONE;
    }
  }

  @Override
  public String roleName() {
    return "file-watch";
  }
}
