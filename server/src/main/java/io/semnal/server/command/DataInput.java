package io.semnal.server.command;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.feed.file.TickFormat;
import io.semnal.research.sample.DataRequest;
import io.semnal.research.sample.LabelRule;
import io.semnal.server.Times;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say which prices, which columns and which labels a model is about. */
public final class DataInput {
  @Option(
      names = "--data",
      arity = "1..*",
      paramLabel = "FILE",
      description = {
        "Bar files (CSV with a header, or LEAN), tick files with --format, or one journal's folder."
      })
  private List<Path> files = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "What tick files hold: lean-tick, truefx, histdata, dukascopy, bi5 or csv.")
  private String format;

  @Option(
      names = "--instrument",
      paramLabel = "SYMBOL",
      description = "The files' instrument, where they do not name it themselves.")
  private String instrument;

  @Option(
      names = "--zone",
      paramLabel = "OFFSET",
      description = "Offset of the files' times, such as -05:00.")
  private String zone;

  @Option(
      names = "--bars",
      paramLabel = "TF",
      description = "Length of the bars, such as 1h; by default read from their times.")
  private String bars;

  @Option(
      names = "--features",
      paramLabel = "SET",
      description = "The configured feature set; by default the model's, or the only one.")
  private String features;

  @Option(
      names = "--labels",
      paramLabel = "RULE",
      description = {
        "barrier(stop=2, target=3, horizon=30) in ATRs and bars, or horizon(bars=24, least=0.5);",
        "also atr=, slippage=, commission=. By default the policy of the strategy that uses the"
            + " set."
      })
  private String labels;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "First time of a row, such as 2017-01-01; what lies before warms up.")
  private Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description =
          "Times of rows lie before it, and no later price is looked at: what is open then has no"
              + " label.")
  private Instant to;

  DataRequest request(EngineConfig config) {
    if (files.isEmpty()) {
      throw new CommandFailure("--data says which prices; without it there is nothing to read");
    }
    try {
      return new DataRequest(
          files,
          format == null ? null : TickFormat.parse(format),
          instrument == null ? null : known(config),
          zone == null ? null : ZoneOffset.of(zone),
          bars == null ? null : Timeframe.parse(bars),
          from == null ? Long.MIN_VALUE : Times.nanos(from),
          to == null ? Long.MAX_VALUE : Times.nanos(to));
    } catch (DateTimeException e) {
      throw new CommandFailure("--zone is '" + zone + "', not an offset such as -05:00", e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }

  private Instrument known(EngineConfig config) {
    int index = config.instrumentIndex(instrument);
    if (index < 0) {
      throw new CommandFailure("'" + instrument + "' is not in the universe");
    }
    return config.instruments().get(index);
  }

  /**
   * The feature set that is asked for.
   *
   * @param otherwise its name where nothing is said; {@code null} = the only one there is
   */
  FeatureSetConfig set(EngineConfig config, String otherwise) {
    List<String> names = config.featureSets().stream().map(FeatureSetConfig::name).toList();
    String name = features != null ? features : otherwise;
    if (name == null) {
      if (names.size() != 1) {
        throw new CommandFailure("--features must say which of " + String.join(", ", names));
      }
      name = names.getFirst();
    }
    FeatureSetConfig set = config.featureSet(name);
    if (set == null) {
      throw new CommandFailure(
          "there is no feature set '" + name + "'; there is " + String.join(", ", names));
    }
    return set;
  }

  /** The label rule, over the policy of the first strategy that uses the set, or of the first. */
  LabelRule rule(EngineConfig config, FeatureSetConfig set) {
    PolicyConfig policy =
        config.strategies().stream()
            .filter(strategy -> strategy.featureSet().equals(set.name()))
            .findFirst()
            .or(() -> config.strategies().stream().findFirst())
            .map(StrategyConfig::policy)
            .orElseThrow(
                () -> new CommandFailure("no strategy is configured to take a policy from"));
    try {
      return labels == null ? new LabelRule.TripleBarrier(policy) : LabelRule.parse(labels, policy);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("--" + e.getMessage(), e);
    }
  }

  /** {@code null} = not given. */
  Instant from() {
    return from;
  }

  /** The files as they were named, and the range of time, for people. */
  String shown() {
    String names =
        String.join(", ", files.stream().map(file -> file.getFileName().toString()).toList());
    return names + (from == null ? "" : " from " + from) + (to == null ? "" : " to " + to);
  }
}
