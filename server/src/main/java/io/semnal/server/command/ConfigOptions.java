package io.semnal.server.command;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** {@code --config} and {@code -Da.b=}, on every command that reads the configuration. */
public final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Your configuration (HOCON), on top of the defaults.")
  private Path file;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Sets one key, on top of everything: -Dgateway.tcpPort=0")
  private final Map<String, String> overrides = new LinkedHashMap<>();

  public SemnalConfig load() {
    return load(Map.of());
  }

  /**
   * @param byCommand what the command's own options say: above the user's file, below {@code -D}. A
   *     registry that nobody configured and that is not there gives way to the models that were
   *     built
   */
  public SemnalConfig load(Map<String, String> byCommand) {
    Map<String, String> all = new LinkedHashMap<>(byCommand);
    all.putAll(overrides);
    SemnalConfig config = ConfigLoader.load(file, System.getenv(), all);
    if (Files.isDirectory(config.runtime().models().directory()) || saysModels(all)) {
      return config;
    }
    all.put("models.directory", Homes.builtModels().toString());
    return ConfigLoader.load(file, System.getenv(), all);
  }

  private boolean saysModels(Map<String, String> all) {
    return !ConfigLoader.effective(file, System.getenv(), all)
        .getValue("models.directory")
        .origin()
        .description()
        .startsWith("reference.conf");
  }

  public Path file() {
    return file;
  }

  public Map<String, String> overrides() {
    return overrides;
  }
}
