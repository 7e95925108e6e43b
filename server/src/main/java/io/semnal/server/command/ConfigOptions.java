package io.semnal.server.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import io.semnal.core.config.ConfigException;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
import io.semnal.features.FeaturePipeline;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** {@code --config} and {@code -Da.b=}, on every command: a wrong key is told, whatever is used. */
public final class ConfigOptions {
  private static final Pattern FEATURE_SET = Pattern.compile("feature set '([^']+)'");

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
    checkFeatures(config, all);
    checkJournal(config);
    if (Files.isDirectory(config.runtime().models().directory()) || saysModels(all)) {
      return config;
    }
    all.put("models.directory", Homes.builtModels().toString());
    return ConfigLoader.load(file, System.getenv(), all);
  }

  /**
   * The configured registry, for a command that writes to it. Where it is not there yet it is made,
   * with the built models in it: what ran with them goes on running.
   */
  Path ownModels() throws IOException {
    Path own = ConfigLoader.load(file, System.getenv(), overrides).runtime().models().directory();
    Path built = Homes.builtModels();
    if (!Files.isDirectory(own) && Files.isDirectory(built)) {
      try (Stream<Path> tree = Files.walk(built)) {
        for (Path path : tree.toList()) {
          Path copy = own.resolve(built.relativize(path).toString());
          if (Files.isDirectory(path)) {
            Files.createDirectories(copy);
          } else {
            Files.copy(path, copy);
          }
        }
      }
    }
    return own;
  }

  /** The journal that the command names, else the configured one. */
  Path journal(Path named) {
    Path configured = load().runtime().journal().directory();
    return named == null ? configured : named;
  }

  /** The server's key file that the command names, else the configured one. */
  Path keysFile(Path named) {
    Path configured = load().runtime().gateway().keysFile();
    return named == null ? configured : named;
  }

  /** Feature expressions are read here, so that a wrong one is named before anything starts. */
  private void checkFeatures(SemnalConfig config, Map<String, String> all) {
    try {
      new FeaturePipeline(config.engine());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("features: " + e.getMessage() + origin(all, e.getMessage()));
    }
  }

  /** Where the columns of the feature set that a message names were set. */
  private String origin(Map<String, String> all, String message) {
    Matcher set = FEATURE_SET.matcher(message);
    String path = set.find() ? "features." + ConfigUtil.quoteString(set.group(1)) + ".columns" : "";
    Config config = ConfigLoader.effective(file, System.getenv(), all);
    return path.isEmpty() || !config.hasPath(path)
        ? ""
        : " (" + config.getValue(path).origin().description() + ")";
  }

  private static void checkJournal(SemnalConfig config) {
    try {
      JournalDirectory.requireRollCycle(config.runtime().journal().rollCycle());
    } catch (JournalException e) {
      throw new ConfigException("journal.rollCycle: " + e.getMessage());
    }
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
