package io.semnal.server.command;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
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
   * @param defaults of the command, below what the user said on the command line
   */
  public SemnalConfig load(Map<String, String> defaults) {
    return ConfigLoader.load(file, System.getenv(), merged(defaults));
  }

  public Path file() {
    return file;
  }

  public Map<String, String> overrides() {
    return overrides;
  }

  private Map<String, String> merged(Map<String, String> defaults) {
    Map<String, String> all = new LinkedHashMap<>(defaults);
    all.putAll(overrides);
    return all;
  }
}
