package io.semnal.server.replay;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.engine.ModelPin;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.PinnedModels;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalException;
import io.semnal.journal.RunInfo;
import io.semnal.server.BuildId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A run's header as it would have been under another configuration or with another model.
 *
 * <p>A model reference that the original run had as well stands for the model that it stood for
 * then; any other is looked for in the registry. Models that are used are kept beside the journal
 * that is made.
 */
final class Other {
  private final String engineText;
  private final String model;
  private final ModelRegistry registry;
  private final PinnedModels kept;

  /**
   * @param engineText the other configuration; {@code null} = each run's own
   * @param model {@code NAME@VERSION}, or {@code null} = as the configuration says
   * @param target the journal that is made
   */
  Other(String engineText, String model, ModelRegistry registry, PinnedModels target) {
    this.engineText = engineText;
    this.model = model;
    this.registry = registry;
    kept = target;
  }

  /** Gives a journal the models that another one keeps: activations name them. */
  static void copyModels(JournalDirectory from, JournalDirectory to) {
    try (Stream<Path> files = Files.walk(from.models())) {
      for (Path file : files.toList()) {
        Path copy = to.models().resolve(from.models().relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the models of " + from.path(), e);
    }
  }

  /**
   * The other header; what is not of the engine is as in the original.
   *
   * @throws RuntimeException naming a model that cannot be had
   */
  RunInfo of(RunInfo run) {
    String text = withModel(engineText == null ? run.engineText() : engineText);
    return new RunInfo(
        run.runId(),
        run.headerSeq(),
        run.time(),
        run.epoch(),
        run.outSeqBefore(),
        run.warmFromSeq(),
        run.wallTime(),
        run.sourceClock(),
        BuildId.current(),
        text,
        pins(text, run));
  }

  /** Strategies of the model's name take it; where there are none, all that have a model. */
  private String withModel(String text) {
    if (model == null) {
      return text;
    }
    EngineConfig engine = ConfigLoader.engine(text);
    String name = nameOf(model);
    boolean known = references(engine).stream().anyMatch(r -> nameOf(r).equals(name));
    Config config = ConfigFactory.parseString(text);
    for (StrategyConfig strategy : engine.strategies()) {
      boolean takes = known ? nameOf(strategy.model()).equals(name) : !strategy.model().isEmpty();
      if (takes) {
        config =
            config.withValue(
                "strategies." + ConfigUtil.quoteString(strategy.name()) + ".model",
                ConfigValueFactory.fromAnyRef(model));
      }
    }
    return config.root().render(ConfigRenderOptions.concise());
  }

  private List<ModelPin> pins(String text, RunInfo run) {
    Map<String, ModelPin> then = new LinkedHashMap<>();
    List<String> references = references(ConfigLoader.engine(run.engineText()));
    for (int i = 0; i < references.size() && i < run.models().size(); i++) {
      then.put(references.get(i), run.models().get(i));
    }
    List<ModelPin> pins = new ArrayList<>();
    for (String reference : references(ConfigLoader.engine(text))) {
      ModelPin pin = then.get(reference);
      pins.add(pin == null ? load(reference) : pin);
    }
    return pins;
  }

  /** Each reference once, in the order of the strategies: as a run's header pins them. */
  private static List<String> references(EngineConfig engine) {
    return engine.strategies().stream()
        .map(StrategyConfig::model)
        .filter(reference -> !reference.isEmpty())
        .distinct()
        .toList();
  }

  private ModelPin load(String reference) {
    try (LoadedModel loaded = registry.load(reference)) {
      kept.pin(loaded, registry);
      return new ModelPin(
          loaded.card().name(), loaded.card().version(), loaded.sha256(), loaded.kind());
    } catch (RuntimeException e) {
      throw new JournalException("model " + reference + " cannot be had: " + e.getMessage(), e);
    }
  }

  private static String nameOf(String reference) {
    return reference.replaceFirst("@.*", "");
  }
}
