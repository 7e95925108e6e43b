package io.semnal.server.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.semnal.core.config.EngineConfig;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.PruningPlan;
import io.semnal.server.WarmUp;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;

/**
 * What {@code semnal journal prune} was asked for.
 *
 * @param age nanoseconds back from the last message; {@link Long#MAX_VALUE} = no wish
 * @param size bytes; {@link Long#MAX_VALUE} = no wish
 * @param warmUp nanoseconds back from the last message that a new run would warm up with
 */
record PruneRequest(long age, long size, long warmUp) {
  static PruneRequest of(CommandLine command, String age, String size, EngineConfig engine) {
    try {
      return new PruneRequest(
          age == null ? Long.MAX_VALUE : config(age).getDuration("v").toNanos(),
          size == null ? Long.MAX_VALUE : config(size).getBytes("v"),
          WarmUp.span(engine).toNanos());
    } catch (ConfigException e) {
      throw new CommandLine.ParameterException(
          command, "--older-than takes a duration such as 90d, --larger-than a size such as 20GiB");
    }
  }

  private static Config config(String value) {
    return ConfigFactory.parseMap(Map.of("v", value));
  }

  PruningPlan plan(JournalDirectory journal, Progress progress) {
    JournalState state = JournalScan.scan(journal, null, progress).requireSound();
    long head = state.inbound().time();
    return PruningPlan.of(
        journal, state, age == Long.MAX_VALUE ? Long.MIN_VALUE : head - age, size, head - warmUp);
  }

  static void print(PrintWriter out, PruningPlan plan, boolean dryRun) {
    plan.files().forEach(file -> out.println((dryRun ? "would remove " : "removed ") + file));
    if (plan.isEmpty()) {
      out.println("nothing to remove" + (plan.note() == null ? "" : ": " + plan.note()));
    } else {
      out.printf(
          "%s; the journal %s at journalSeq %d, outSeq %d%n",
          JournalReports.bytes(plan.bytes()),
          dryRun ? "would begin" : "begins",
          plan.journalSeq(),
          plan.outSeq());
    }
    out.flush();
  }
}
