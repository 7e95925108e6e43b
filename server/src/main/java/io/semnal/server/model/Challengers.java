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
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that the registry's alias {@code challenger} names, one for each name that strategies
 * follow: looked for again and again, loaded and verified like champions. One thread looks, another
 * takes what was found.
 */
public final class Challengers {
  private static final Logger LOG = LoggerFactory.getLogger(Challengers.class);

  private final ModelRegistry registry;
  private final Models models;
  private final Map<String, Integer> refused = new HashMap<>();
  private volatile List<Challenger> found = List.of();

  /**
   * A challenger, ready to score on one thread.
   *
   * @param strategies positions in the configuration of those that follow its name
   */
  record Challenger(LoadedModel model, ModelOutput output, List<Integer> strategies) {
    String reference() {
      return model.card().name() + "@" + model.card().version();
    }
  }

  public Challengers(RuntimeConfig.Models config, Models models) {
    registry = new ModelRegistry(config.directory(), config.scorer());
    this.models = models;
  }

  /** Looks where the aliases point now. Whoever {@link #found} them closes what is gone. */
  public void refresh() {
    List<Challenger> next = new ArrayList<>();
    for (String name : followed()) {
      try {
        Challenger challenger = find(name);
        if (challenger != null) {
          next.add(challenger);
        }
      } catch (RuntimeException e) {
        LOG.warn("no challenger of {}: {}", name, e.getMessage());
      }
    }
    if (!next.equals(found)) {
      found = List.copyOf(next);
    }
  }

  List<Challenger> found() {
    return found;
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

  private Challenger find(String name) {
    Optional<Integer> version = registry.version(name, ModelRegistry.CHALLENGER);
    if (version.isEmpty() || version.get().equals(refused.get(name))) {
      return null;
    }
    for (Challenger old : found) {
      if (old.reference().equals(name + "@" + version.get())) {
        return old;
      }
    }
    return load(name, version.get());
  }

  private Challenger load(String name, int version) {
    try {
      LoadedModel model = registry.load(name + "@" + version);
      String refusal = models.refusal(model);
      if (refusal != null) {
        model.close();
        throw new ModelRefusedException(refusal);
      }
      LOG.info("model {}@{} scores in the shadow of the champion", name, version);
      return new Challenger(model, new ModelOutput(model.card()), strategies(name));
    } catch (ModelRefusedException e) {
      refused.put(name, version);
      throw e;
    }
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
}
