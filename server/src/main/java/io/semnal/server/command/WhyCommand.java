package io.semnal.server.command;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.QueueReader;
import io.semnal.journal.RunInfo;
import io.semnal.protocol.sbe.Trigger;
import io.semnal.research.export.Decimals;
import io.semnal.server.BuildId;
import io.semnal.server.Times;
import io.semnal.server.why.FoundScore;
import io.semnal.server.why.InputReplay;
import io.semnal.server.why.ReasonWords;
import io.semnal.server.why.ScoreInputs;
import io.semnal.server.why.ScoreSearch;
import io.semnal.server.why.Silence;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Why there was, or was not, a signal. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description = {
      "Explains the last scores of an instrument: why there was a signal, or none.",
      "Says what the model said, why that became a signal or did not, by which limit, and from which"
          + " inputs. The inputs are computed again from the"
          + " journal and held against the hash that was published with the score.",
      "A server may be writing to the journal meanwhile."
    })
public final class WhyCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ConfigOptions options;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The journal; the configured one by default.")
  private Path directory;

  @Option(
      names = "--instrument",
      required = true,
      paramLabel = "SYMBOL",
      description = "For example EURUSD.")
  private String symbol;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description =
          "Scores up to this time (ISO-8601, UTC unless it says otherwise), for example"
              + " 2026-01-14T13:30:00Z; by default the journal's end.")
  private Instant at;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many scores: ${DEFAULT-VALUE} by default.")
  private int last;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "Only scores of this strategy; by default of any.")
  private String strategy;

  private PrintWriter out;

  @Override
  public Integer call() {
    if (last < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--last is " + last + ", not 1 or more");
    }
    out = spec.commandLine().getOut();
    ProgressLine line = new ProgressLine(spec.commandLine().getErr());
    long until = at == null ? Long.MAX_VALUE : Times.nanos(at);
    try (JournalDirectory journal = JournalDirectory.openReadOnly(options.journal(directory));
        QueueReader outbound = journal.outboundReader()) {
      JournalState names = JournalScan.scan(journal, null, line.recovery());
      if (names.lastRun() == null) {
        throw new CommandFailure("the journal " + journal.path() + " is empty: no run ever began");
      }
      int id = names.instrumentId(symbol);
      if (id == 0) {
        throw new CommandFailure(
            "the journal has no instrument '"
                + symbol
                + "'; it has "
                + String.join(", ", names.instruments().keySet().stream().sorted().toList()));
      }
      ScoreSearch search = ScoreSearch.run(outbound, id, strategy, until, last, line.recovery());
      if (search.scores().isEmpty()) {
        explainSilence(journal, names, id, until, search, line.recovery());
      } else {
        // Again: a server may have written on, and what was found must have its cause in it.
        JournalState state = JournalScan.scan(journal, null, line.recovery());
        explain(search, new InputReplay(journal, state, line.recovery()));
      }
      line.clear();
    }
    out.flush();
    return 0;
  }

  private String upTo() {
    return at == null ? "" : " at or before " + at;
  }

  private void explainSilence(
      JournalDirectory journal,
      JournalState state,
      int id,
      long until,
      ScoreSearch search,
      Progress progress) {
    RunInfo run = state.runs().getFirst();
    for (RunInfo candidate : state.runs()) {
      run = candidate.time() <= until ? candidate : run;
    }
    out.printf(
        "%s has no score%s%s:%n",
        symbol, strategy == null ? "" : " of strategy " + strategy, upTo());
    if (run.time() > until) {
      out.printf("  the journal begins at %s%n", Times.iso(run.time()));
    }
    try (QueueReader inbound = journal.inboundReader()) {
      Silence.reasons(
              inbound,
              ConfigLoader.engine(run.engineText()),
              symbol,
              id,
              strategy,
              until,
              search.bars(),
              progress)
          .forEach(reason -> out.println("  " + reason));
    }
  }

  private void explain(ScoreSearch search, InputReplay replay) {
    List<FoundScore> scores = search.scores();
    replay.replay(scores, BuildId.current());
    out.printf(
        "%s: the last %d score(s)%s%s, the newest last%n",
        symbol, scores.size(), strategy == null ? "" : " of strategy " + strategy, upTo());
    for (FoundScore score : scores) {
      RunInfo run = replay.runOf(score.causeSeq);
      if (run == null) {
        out.printf(
            "%n#%d: its cause, inbound message %d, is not in the journal%n",
            score.outSeq, score.causeSeq);
      } else {
        describe(score, run, ConfigLoader.engine(run.engineText()), replay);
      }
    }
  }

  private void describe(FoundScore score, RunInfo run, EngineConfig config, InputReplay replay) {
    Instrument instrument = config.instruments().get(config.instrumentIndex(symbol));
    StrategyConfig bound =
        config.strategies().stream()
            .filter(s -> s.name().equals(score.strategy))
            .findFirst()
            .orElseThrow();
    ScoreInputs inputs = replay.inputs(score);
    ReasonWords words = new ReasonWords(config, instrument);
    out.printf(
        "%n#%d  %s  %s %s on %s%s%n",
        score.outSeq,
        Times.iso(score.time),
        score.strategy,
        new Timeframe(score.timeframe).label(),
        score.trigger == Trigger.TICK ? "a tick" : "a bar's close",
        score.model.isEmpty() ? "" : ", model " + score.model);
    out.printf("  %s: %s%n", score.reason, words.of(score, bound, inputs));
    out.printf(
        "  %s   bid %s  ask %s  spread %s pips%n",
        outputs(score),
        Decimals.price(score.bid, instrument.priceDecimals()),
        Decimals.price(score.ask, instrument.priceDecimals()),
        words.spread(score));
    if (!replay.finding(run).isEmpty()) {
      out.println("  " + replay.finding(run));
    }
    if (inputs == null) {
      out.println("  its inputs could not be computed again");
    } else {
      inputs(score, run, config.featureSet(bound.featureSet()).inputs(), inputs);
    }
  }

  private static String outputs(FoundScore score) {
    if (Double.isNaN(score.buy) && Double.isNaN(score.output)) {
      return "not scored";
    }
    return Double.isNaN(score.output)
        ? String.format(
            Locale.ROOT, "buy %.4f  sell %.4f  neutral %.4f", score.buy, score.sell, score.neutral)
        : "output " + score.output;
  }

  private void inputs(FoundScore score, RunInfo run, List<String> columns, ScoreInputs inputs) {
    String source = "replay of run " + run.runId() + " to inbound message " + score.causeSeq;
    if (!score.isHashed()) {
      out.printf("  inputs as they stood (not scored, so none were published), by %s:%n", source);
    } else if (inputs.hash() == score.featureHash) {
      out.printf("  inputs by %s; their hash %016x is the published one:%n", source, inputs.hash());
    } else {
      out.printf(
          "  inputs by %s; NOT those that were scored: their hash is %016x, published was %016x:%n",
          source, inputs.hash(), score.featureHash);
    }
    int width = columns.stream().mapToInt(String::length).max().orElse(0);
    for (int i = 0; i < columns.size(); i++) {
      float value = inputs.values()[i];
      out.printf(
          "    %-" + width + "s  %s%s%n",
          columns.get(i),
          Float.isNaN(value) ? "NaN (missing)" : Float.toString(value),
          inputs.warm()[i] ? "" : ", not warm");
    }
  }
}
