package io.semnal.server.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import io.semnal.core.config.ConfigLoader;
import java.io.PrintWriter;
import java.util.Map;
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
    synopsisSubcommandLabel = "(show | check)")
public final class ConfigCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say 'show' or 'check'.");
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
    options.load();
    spec.commandLine().getOut().println("The configuration is right.");
    return 0;
  }
}
