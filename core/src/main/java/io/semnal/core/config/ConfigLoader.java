package io.semnal.core.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads the configuration: reference defaults, the environment's overlay, the user's file, {@code
 * SEMNAL_CFG_a__b} variables, then {@code -Da.b=} overrides; later wins. Every problem is gathered
 * and named with its origin; with any, nothing starts.
 */
public final class ConfigLoader {
  /** Prefix of environment variables that set a key: two underscores stand for the dot. */
  public static final String VARIABLE_PREFIX = "SEMNAL_CFG_";

  private static final Set<String> ENVIRONMENTS = Set.of("development", "staging", "production");
  private static final List<String> ENGINE_KEYS =
      List.of(
          "instruments",
          "universe",
          "timeframes",
          "alignment",
          "holidays",
          "quality",
          "features",
          "policy",
          "strategies");

  private ConfigLoader() {}

  /**
   * Loads and checks everything.
   *
   * @param file the user's file, or {@code null}
   * @param environment of the process
   * @param overrides from the command line, by key
   * @throws ConfigException with all problems
   */
  public static SemnalConfig load(
      Path file, Map<String, String> environment, Map<String, String> overrides) {
    return typed(effective(file, environment, overrides));
  }

  /** The reference configuration with nothing on top. */
  public static SemnalConfig reference() {
    return load(null, Map.of(), Map.of());
  }

  /**
   * The merged configuration, untyped and unchecked: what {@code config show} prints.
   *
   * @throws ConfigException where a file cannot be read or parsed
   */
  public static Config effective(
      Path file, Map<String, String> environment, Map<String, String> overrides) {
    try {
      Config fromOverrides = fromOverrides(overrides);
      Config fromVariables = fromVariables(environment);
      Config fromFile = file == null ? ConfigFactory.empty() : fromFile(file);
      Config top = fromOverrides.withFallback(fromVariables).withFallback(fromFile);
      Config reference = resource("reference.conf");
      Config overlay =
          resource(chosenEnvironment(top.withFallback(reference), environment) + ".conf");
      return top.withFallback(overlay).withFallback(reference).resolve();
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException(Objects.toString(e.getMessage()));
    }
  }

  /** Reads back what a run's header embeds. */
  public static EngineConfig engine(String engineText) {
    List<String> problems = new ArrayList<>();
    Config config;
    try {
      config =
          ConfigFactory.parseString(
              engineText, ConfigParseOptions.defaults().setOriginDescription("run header"));
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException("the run header's configuration cannot be read: " + e.getMessage());
    }
    Section root = new Section("", config.root(), problems);
    EngineConfig engine = EngineConfigReader.read(root);
    root.done();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return engine;
  }

  private static SemnalConfig typed(Config config) {
    List<String> problems = new ArrayList<>();
    Section root = new Section("", config.root(), problems);
    root.text("environment");
    EngineConfig engine = EngineConfigReader.read(root);
    RuntimeConfig runtime =
        RuntimeConfigReader.read(
            root,
            engine.strategies().stream()
                .map(StrategyConfig::name)
                .collect(Collectors.toCollection(TreeSet::new)));
    root.done();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new SemnalConfig(engine, runtime, engineText(config));
  }

  /** JSON with sorted keys: equal configurations give equal texts. */
  private static String engineText(Config config) {
    Config engine = ConfigFactory.empty();
    for (String key : ENGINE_KEYS) {
      engine = engine.withValue(key, config.root().get(key));
    }
    return engine.root().render(ConfigRenderOptions.concise());
  }

  private static String chosenEnvironment(Config merged, Map<String, String> environment) {
    ConfigValue value = merged.root().get("environment");
    String name = String.valueOf(value.unwrapped());
    boolean byDefault = value.origin().description().startsWith("reference.conf");
    if (byDefault && environment.containsKey("SEMNAL_ENV")) {
      name = environment.get("SEMNAL_ENV");
    }
    if (!ENVIRONMENTS.contains(name)) {
      throw new ConfigException(
          "environment = "
              + name
              + ": must be development, staging or production ("
              + (byDefault ? "SEMNAL_ENV" : value.origin().description())
              + ")");
    }
    return name;
  }

  private static Config fromFile(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ConfigException("configuration file " + file + " cannot be read");
    }
    // What it includes is looked for beside it, which HOCON does by absolute paths only.
    return ConfigFactory.parseFile(
        file.toAbsolutePath().toFile(),
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setAllowMissing(false)
            .setIncluder(new RequiredIncludes()));
  }

  private static Config resource(String name) {
    URL url = Objects.requireNonNull(ConfigLoader.class.getResource(name), name);
    try (Reader reader = new InputStreamReader(url.openStream(), StandardCharsets.UTF_8)) {
      return ConfigFactory.parseReader(
          reader, ConfigParseOptions.defaults().setOriginDescription(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Config fromVariables(Map<String, String> environment) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      if (variable.getKey().startsWith(VARIABLE_PREFIX)) {
        String key = variable.getKey().substring(VARIABLE_PREFIX.length()).replace("__", ".");
        config = config.withFallback(single(key, variable.getValue(), variable.getKey()));
      }
    }
    return config;
  }

  private static Config fromOverrides(Map<String, String> overrides) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, String> override : new TreeMap<>(overrides).entrySet()) {
      config =
          config.withFallback(
              single(override.getKey(), override.getValue(), "-D" + override.getKey()));
    }
    return config;
  }

  /** Values are HOCON where they parse as a list or object, else plain text. */
  private static Config single(String key, String value, String origin) {
    String trimmed = value.trim();
    boolean structured = trimmed.startsWith("[") || trimmed.startsWith("{");
    String text = structured ? trimmed : ConfigUtil.quoteString(value);
    return ConfigFactory.parseString(
        key + " = " + text, ConfigParseOptions.defaults().setOriginDescription(origin));
  }
}
