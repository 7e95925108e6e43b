package io.semnal.server;

import io.semnal.core.access.AuditFile;
import io.semnal.core.access.AuditLog;
import io.semnal.core.access.FileWatch;
import io.semnal.core.access.KeyFile;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.protocol.session.KeyLookup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.Agent;

/** The files behind who may do what: keys read again when they change, and the audit log. */
final class AccessFiles {
  private static final String KEYS = "key file ";
  private final FileWatch watch;
  private final AuditFile auditFile;
  private final AuditLog audit;

  /**
   * @param keys of clients and of feeds, files or not; the same one may come twice
   */
  AccessFiles(RuntimeConfig.Gateway config, Metrics metrics, KeyLookup... keys) {
    Path file = config.auditFile();
    try {
      auditFile = file == null ? null : AuditFile.open(file, metrics, System::currentTimeMillis);
    } catch (IOException e) {
      throw new UncheckedIOException("the audit log " + file + " cannot be opened", e);
    }
    audit = auditFile == null ? AuditLog.NONE : auditFile;
    watch = new FileWatch(metrics);
    for (KeyLookup each : List.of(keys).stream().distinct().toList()) {
      if (each instanceof KeyFile known) {
        watch(KEYS + known.file(), List.of(known.file()), known::reload);
      }
    }
  }

  /** Watches more files; before the agent runs. */
  void watch(String what, List<Path> files, FileWatch.Reload reload) {
    watch.add(
        what,
        files,
        () -> {
          boolean changed = reload.run();
          if (changed) {
            audit.record(AuditLog.RELOADED, "", "", "", what);
          }
          return changed;
        });
  }

  AuditLog audit() {
    return audit;
  }

  /** The files themselves. */
  FileWatch files() {
    return watch;
  }

  /** What looks after the files, for a thread that nothing else holds up. */
  Agent agent() {
    return auditFile == null ? watch : new PairOfAgents(watch, auditFile);
  }
}
