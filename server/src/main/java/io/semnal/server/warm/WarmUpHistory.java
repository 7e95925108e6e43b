package io.semnal.server.warm;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.engine.Engine;
import io.semnal.inference.engine.ColdSlot;
import io.semnal.inference.engine.SignalEngine;
import io.semnal.journal.EngineStart;
import io.semnal.journal.HistoryChoice;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalState;
import io.semnal.journal.QueueReader;
import io.semnal.journal.RunInfo;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.server.WarmUp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.ExpandableArrayBuffer;

/**
 * Warms a run's features up with bars of files, as messages of the run. Starting thread only.
 *
 * <p>A run that begins after earlier ones is first given their quotes. If those leave a strategy
 * cold that the files can help, it begins anew without them: the files' bars and the bars that the
 * journal holds are merged by time (of one place the journal's, unless it lacks its beginning), and
 * all come as messages. Likewise a run that was cold when its first quote came ends where the files
 * now have more bars before that quote than it was given. In any other case only those bars are
 * taken that follow an instrument's last one: they fill the hole between the journal's end and now.
 */
public final class WarmUpHistory implements HistoryChoice {
  private final EngineConfig config;
  private final RuntimeConfig.WarmUp settings;
  private final JournalDirectory journal;
  private final JournalState state;
  private final boolean sourceClock;
  private final long until;
  private final List<PastBar> files;

  private WarmUpHistory(
      SemnalConfig config, JournalDirectory journal, JournalState state, long until) {
    this.config = config.engine();
    settings = config.runtime().warmUp();
    this.journal = journal;
    this.state = state;
    sourceClock = config.runtime().clock().mode() == RuntimeConfig.Clock.Mode.SOURCE;
    this.until = until;
    files =
        settings.bars().isEmpty()
            ? List.of()
            : WarmUpFiles.read(this.config, BarNeeds.of(this.config), settings.bars(), until);
  }

  /**
   * Reads the configured files, before anything is journaled.
   *
   * @param now engine time; with the source clock that of the journal's last message
   * @param hasQuotes whether the journal holds any quote
   * @throws io.semnal.core.config.ConfigException naming the file, the line and what is wrong
   */
  public static WarmUpHistory read(
      SemnalConfig config,
      JournalDirectory journal,
      JournalState state,
      long now,
      boolean hasQuotes) {
    boolean source = config.runtime().clock().mode() == RuntimeConfig.Clock.Mode.SOURCE;
    // By the source clock bars move time: never past the quotes that a feed goes on with.
    long most = source && !hasQuotes ? Long.MAX_VALUE : now;
    var limit = config.runtime().warmUp().until();
    long until = limit == null ? most : Math.min(most, io.semnal.server.Times.nanos(limit));
    return new WarmUpHistory(config, journal, state, until);
  }

  @Override
  public boolean suffices(Engine engine) {
    return !canHelp((SignalEngine) engine);
  }

  @Override
  public boolean mayGoOn(Engine engine, RunInfo run) {
    // Of a run whose beginning was pruned nobody can tell, and its first bars are long past.
    if (!canHelp((SignalEngine) engine) || journal.floor().isInside(run)) {
      return true;
    }
    Beginning beginning = new Beginning();
    beginning.read(journal, run);
    return beginning.firstQuote == MessageLayout.ABSENT
        || files.stream().filter(bar -> bar.closeTime() <= beginning.firstQuote).count()
            <= beginning.bars;
  }

  private boolean canHelp(SignalEngine engine) {
    if (files.isEmpty()) {
      return false;
    }
    for (ColdSlot cold : engine.coldSlots()) {
      if (files.stream().anyMatch(bar -> bar.instrument() == cold.need().instrument())) {
        return true;
      }
    }
    return false;
  }

  /** What a run was given before its first quote. */
  private static final class Beginning {
    private long firstQuote = MessageLayout.ABSENT;
    private long bars;

    void read(JournalDirectory journal, RunInfo run) {
      try (QueueReader reader = journal.inboundReader()) {
        reader.seekToSequence(run.headerSeq());
        while (firstQuote == MessageLayout.ABSENT
            && reader.readNext(
                (buffer, offset, length) -> {
                  int template = MessageLayout.templateId(buffer, offset);
                  if (template == HistoricalBarDecoder.TEMPLATE_ID) {
                    bars++;
                  } else if (template == QuoteDecoder.TEMPLATE_ID
                      || template == ConflatedQuoteDecoder.TEMPLATE_ID) {
                    firstQuote = MessageLayout.inboundTime(buffer, offset);
                  }
                })) {
          // Until the first quote.
        }
      }
    }
  }

  /**
   * Gives the run what it lacks. After a kill in the midst of this, the next start goes on behind
   * the last bar that was journaled.
   *
   * @param ids by position of the instrument in the configuration
   */
  public WarmUpReport feed(EngineStart start, int[] ids) {
    WarmUpReport report = new WarmUpReport(config);
    SignalEngine engine = (SignalEngine) start.engine();
    ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    for (PastBar bar : bars(start.run())) {
      if (bar.openTime() < engine.historyFrom(bar.instrument(), bar.timeframe())) {
        continue;
      }
      start.advanceTo(sourceClock ? bar.closeTime() : until);
      int length =
          bar.encode(
              buffer, ids[bar.instrument()], config.timeframes().get(bar.timeframe()).seconds());
      start.take(buffer, 0, length);
      report.taken(bar);
    }
    return report.conclude(start.time(), engine.coldSlots());
  }

  /** In order, each place once. */
  private List<PastBar> bars(RunInfo run) {
    if (files.isEmpty()) {
      return List.of();
    }
    List<PastBar> candidates = new ArrayList<>();
    List<PastBar> partial = new ArrayList<>();
    if (settings.fromJournal() && run.warmFromSeq() == 0 && run.runId() > 1) {
      long from = state.inbound().time() - WarmUp.span(config).toNanos();
      for (PastBar bar : JournalBars.read(config, journal, state, from)) {
        (bar.isPartial() ? partial : candidates).add(bar);
      }
    }
    candidates.addAll(files);
    candidates.addAll(partial);
    Set<PastBar.Place> seen = new HashSet<>();
    return candidates.stream().filter(bar -> seen.add(bar.place())).sorted(PastBar.ORDER).toList();
  }
}
