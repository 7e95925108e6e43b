package io.semnal.server.model;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.inference.engine.ActiveModel;
import io.semnal.inference.engine.Models;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.signal.ModelOutput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that score beside the champions: those that {@code models.shadow} names for a
 * strategy, and what the registry's alias {@code challenger} names for each model that strategies
 * follow. Looked for again and again, as aliases move; loaded and verified like champions. One
 * thread looks, another takes what was found.
 */
public final class Challengers {
  private static final Logger LOG = LoggerFactory.getLogger(Challengers.class);

  private final ModelRegistry registry;
  private final Function<String, LoadedModel> loader;
  private final Models models;
  private final Map<String, List<String>> configured;

  /** What was said of a model that does not run, so that it is said once. */
  private final Map<String, String> refused = new HashMap<>();

  private volatile List<Challenger> found = List.of();

  /**
   * A challenger, ready to score on one thread.
   *
   * @param strategies positions in the configuration of those that it scores for
   */
  record Challenger(LoadedModel model, ModelOutput output, List<Integer> strategies) {
    String reference() {
      return model.card().reference();
    }
  }

  public Challengers(RuntimeConfig.Models config, Models models) {
    this(config, models, new ModelRegistry(config.directory(), config.scorer())::load);
  }

  /**
   * @param loader of a version
   */
  Challengers(RuntimeConfig.Models config, Models models, Function<String, LoadedModel> loader) {
    registry = new ModelRegistry(config.directory(), config.scorer());
    this.loader = loader;
    this.models = models;
    configured = config.shadow();
  }

  /**
   * Loads those that the configuration names.
   *
   * @throws ModelRefusedException naming the key and what is wrong with its model
   */
  public void requireConfigured() {
    List<Challenger> loaded = new ArrayList<>();
    try {
      for (Map.Entry<String, TreeSet<Integer>> one : configured().entrySet()) {
        loaded.add(load(one.getKey(), List.copyOf(one.getValue())));
      }
    } catch (RuntimeException e) {
      loaded.forEach(challenger -> challenger.model().close());
      throw e;
    }
    found = List.copyOf(loaded);
  }

  /** Looks where references point now. Whoever {@link #found} them closes what is gone. */
  public void refresh() {
    Map<String, TreeSet<Integer>> wanted = new TreeMap<>();
    try {
      wanted = configured();
    } catch (RuntimeException e) {
      tell("models.shadow", e);
    }
    for (String name : followed()) {
      try {
        Optional<Integer> version = registry.version(name, ModelRegistry.CHALLENGER);
        if (version.isPresent()) {
          add(wanted, name + "@" + version.get(), strategies(name));
        }
      } catch (RuntimeException e) {
        tell("challenger of " + name, e);
      }
    }
    List<Challenger> next = new ArrayList<>();
    wanted.forEach((reference, strategies) -> take(next, reference, List.copyOf(strategies)));
    if (!next.equals(found)) {
      found = List.copyOf(next);
    }
  }

  List<Challenger> found() {
    return found;
  }

  private void take(List<Challenger> next, String reference, List<Integer> strategies) {
    for (Challenger old : found) {
      if (old.reference().equals(reference) && old.strategies().equals(strategies)) {
        next.add(old);
        return;
      }
    }
    if (refused.containsKey(reference)) {
      return;
    }
    try {
      next.add(load(reference, strategies));
    } catch (RuntimeException e) {
      tell(reference, e);
    }
  }

  /** Once, as long as it is the same. */
  private void tell(String what, RuntimeException e) {
    String said = String.valueOf(e.getMessage());
    if (!said.equals(refused.put(what, said))) {
      LOG.warn("not in the shadow: {}: {}", what, said);
    }
  }

  /** The configured versions with the positions of their strategies. */
  private Map<String, TreeSet<Integer>> configured() {
    Map<String, TreeSet<Integer>> wanted = new TreeMap<>();
    List<ActiveModel> active = models.active();
    for (int i = 0; i < active.size(); i++) {
      String strategy = active.get(i).strategy();
      for (String reference : configured.getOrDefault(strategy, List.of())) {
        try {
          add(wanted, registry.card(reference).reference(), List.of(i));
        } catch (ModelRefusedException e) {
          throw refusal(List.of(i), reference, e.getMessage());
        }
      }
    }
    return wanted;
  }

  private static void add(
      Map<String, TreeSet<Integer>> wanted, String reference, List<Integer> strategies) {
    wanted.computeIfAbsent(reference, r -> new TreeSet<>()).addAll(strategies);
  }

  private TreeSet<String> followed() {
    TreeSet<String> names = new TreeSet<>();
    for (ActiveModel active : models.active()) {
      String name = active.reference().replaceFirst("@.*", "");
      if (!name.isEmpty() && active.follows(name)) {
        names.add(name);
      }
    }
    return names;
  }

  private List<Integer> strategies(String name) {
    List<Integer> positions = new ArrayList<>();
    List<ActiveModel> active = models.active();
    for (int i = 0; i < active.size(); i++) {
      if (active.get(i).follows(name)) {
        positions.add(i);
      }
    }
    return positions;
  }

  private Challenger load(String reference, List<Integer> strategies) {
    LoadedModel model;
    try {
      model = loader.apply(reference);
    } catch (ModelRefusedException e) {
      throw refusal(strategies, reference, e.getMessage());
    }
    for (int strategy : strategies) {
      String refusal = models.refusal(model, strategy);
      if (refusal != null) {
        model.close();
        throw refusal(List.of(strategy), reference, refusal);
      }
    }
    LOG.info("model {} scores in the shadow of {}", reference, names(strategies));
    return new Challenger(model, new ModelOutput(model.card()), strategies);
  }

  private ModelRefusedException refusal(List<Integer> strategies, String reference, String why) {
    return new ModelRefusedException(
        "challenger " + reference + " of " + names(strategies) + ": " + why);
  }

  private List<String> names(List<Integer> strategies) {
    return strategies.stream().map(i -> models.active().get(i).strategy()).toList();
  }
}
