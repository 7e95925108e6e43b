package io.semnal.server.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.compile.PooledPrices;
import io.semnal.server.WarmUp;
import io.semnal.server.warm.BarNeeds;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows and checks the configuration. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Shows or checks the configuration.",
    synopsisSubcommandLabel = "(show | check | warm-up)")
public final class ConfigCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Say 'show', 'check' or 'warm-up'.");
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Prints the effective configuration.")
  int show(
      @Mixin ConfigOptions options,
      @Option(names = "--origin", description = "Says of each key where it was set.")
          boolean origin) {
    Config config = ConfigLoader.effective(options.file(), System.getenv(), options.overrides());
    PrintWriter out = spec.commandLine().getOut();
    if (origin) {
      Map<String, ConfigValue> sorted = new TreeMap<>();
      config.entrySet().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
      sorted.forEach(
          (key, value) ->
              out.println(
                  key
                      + " = "
                      + value.render(ConfigRenderOptions.concise())
                      + "    # "
                      + value.origin().description()));
    } else {
      out.print(
          config
              .root()
              .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false)));
    }
    out.flush();
    return 0;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Names every problem of the configuration, or says that there is none.")
  int check(@Mixin ConfigOptions options) {
    PrintWriter out = spec.commandLine().getOut();
    PooledPrices.warnings(options.load().engine()).forEach(w -> out.println("WARNING: " + w));
    out.println("The configuration is right.");
    return 0;
  }

  @Command(
      name = "warm-up",
      mixinStandardHelpOptions = true,
      description = {
        "Says how many bars each strategy needs until it is warm and scores.",
        "Bars of the first timeframe also make the longer ones."
      })
  int warmUp(@Mixin ConfigOptions options) {
    EngineConfig config = options.load().engine();
    FeaturePipeline pipeline = new FeaturePipeline(config);
    PrintWriter out = spec.commandLine().getOut();
    for (StrategyConfig strategy : config.strategies()) {
      SortedMap<Timeframe, Integer> bars =
          new TreeMap<>(pipeline.warmUpBars(config.featureSet(strategy.featureSet())));
      pipeline.warmUpBars(BarNeeds.atr(strategy)).forEach((t, n) -> bars.merge(t, n, Math::max));
      out.printf("%s (%s):%n", strategy.name(), strategy.featureSet());
      bars.forEach((timeframe, n) -> out.printf("  %6d bars of %s%n", n, timeframe.label()));
    }
    out.printf(
        "About %s of open market.%n", WarmUp.openSpan(config).truncatedTo(ChronoUnit.MINUTES));
    out.flush();
    return 0;
  }
}
