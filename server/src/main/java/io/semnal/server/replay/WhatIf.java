package io.semnal.server.replay;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.inference.engine.SignalEngineFactory;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.PinnedModels;
import io.semnal.journal.AlternativeReplay;
import io.semnal.journal.CleanEnd;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalException;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.ReplayRange;
import io.semnal.server.BuildId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a journal's inbound messages would have led to under another configuration or with another
 * model, held against what was published. The journal is only read.
 */
public final class WhatIf {
  /** For the journal that is made; it keeps its own. */
  private static final String ROLL_CYCLE = "FAST_DAILY";

  private final JournalDirectory journal;
  private final JournalState state;
  private final Progress progress;
  private final List<String> notes = new ArrayList<>();

  /**
   * @throws JournalException where the journal is not sound
   */
  public WhatIf(JournalDirectory journal, Progress progress) {
    this.journal = journal;
    this.progress = progress;
    state = JournalScan.scan(journal, null, progress).requireSound();
    if (state.runs().isEmpty()) {
      throw new JournalException("the journal has no run");
    }
  }

  /**
   * Replays and compares.
   *
   * @param config where the registry is
   * @param engineText the other configuration; {@code null} = each run's own
   * @param model {@code NAME@VERSION}, or {@code null}
   * @param range what is compared; the replay itself begins where the journal does
   * @param out where the journal that is made stays, with inbound messages and models, so that it
   *     replays and exports like any other; {@code null} = nowhere
   */
  public WhatIfReport run(
      SemnalConfig config, String engineText, String model, ReplayRange range, Path out)
      throws IOException {
    if (out != null) {
      requireNew(out);
      return into(out, true, config, engineText, model, range);
    }
    Path scratch = Files.createTempDirectory("semnal-what-if");
    try {
      return into(scratch, false, config, engineText, model, range);
    } finally {
      delete(scratch);
    }
  }

  private WhatIfReport into(
      Path folder,
      boolean isKept,
      SemnalConfig config,
      String engineText,
      String model,
      ReplayRange range) {
    try (JournalDirectory target = JournalDirectory.open(folder, ROLL_CYCLE)) {
      Other.copyModels(journal, target);
      ScorerChoice scorer = config.runtime().models().scorer();
      PinnedModels kept = new PinnedModels(target.path(), scorer);
      Other other =
          new Other(
              engineText,
              model,
              new ModelRegistry(config.runtime().models().directory(), scorer),
              kept);
      long inbound =
          AlternativeReplay.play(
              journal,
              state,
              target,
              isKept,
              new SignalEngineFactory(ConfigLoader::engine, kept, kept::load),
              other::of,
              range.until(),
              progress);
      if (isKept) {
        CleanEnd.mark(target);
      }
      long until = comparable(range.until());
      long from = Math.max(range.from(), state.runs().getFirst().headerSeq());
      noteBuilds();
      try (PublishedSide published = new PublishedSide(journal.outboundReader(), from, until);
          PublishedSide said = new PublishedSide(target.outboundReader(), from, until)) {
        return new WhatIfReport(
            from,
            Math.min(until, state.inbound().sequence()),
            inbound,
            SignalComparison.of(published, said),
            notes);
      }
    }
  }

  /** What a killed process had not published, or a running one has not, is no difference. */
  private long comparable(long until) {
    if (CleanEnd.holds(journal, state) || until < state.lastCauseSeq()) {
      return until;
    }
    notes.add(
        "the journal did not end in order, or is being written to: what inbound messages from "
            + state.lastCauseSeq()
            + " on caused is not compared");
    return state.lastCauseSeq() - 1;
  }

  private void noteBuilds() {
    state.runs().stream()
        .filter(run -> !run.build().equals(BuildId.current()))
        .forEach(
            run ->
                notes.add(
                    "run "
                        + run.runId()
                        + " was published by build "
                        + run.build()
                        + ", this is build "
                        + BuildId.current()
                        + ": the code may make a difference too"));
  }

  private void requireNew(Path out) throws IOException {
    if (!Files.exists(out)) {
      return;
    }
    try (Stream<Path> entries = Files.list(out)) {
      if (entries.findAny().isPresent()) {
        throw new JournalException(out + " is not empty; name a new folder");
      }
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
