package io.semnal.server;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.engine.ModelPin;
import io.semnal.core.ingress.EngineTime;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.time.WallClock;
import io.semnal.inference.engine.SignalEngineFactory;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.PinnedModels;
import io.semnal.journal.EngineStart;
import io.semnal.journal.HistoryChoice;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.Recovery;
import io.semnal.journal.RunRequest;
import io.semnal.journal.SnapshotChoice;
import io.semnal.server.model.ModelReferences;
import io.semnal.server.model.ModelSwap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Brings an engine to the tail of a journal: its models, its clock, the run that it goes on in. */
final class EngineBringUp {
  private EngineBringUp() {}

  /** The rule of the configured clock. */
  static EngineTime time(RuntimeConfig runtime, Metrics metrics) {
    if (runtime.clock().mode() == RuntimeConfig.Clock.Mode.SOURCE) {
      return EngineTime.source();
    }
    WallClock clock =
        new WallClock(
            metrics.counter("clock_jumps_total", "Jumps of the system clock that were held"));
    return EngineTime.wall(clock, runtime.clock().grace().toNanos());
  }

  /**
   * The engine at the journal's tail, with the models that the strategies refer to now.
   *
   * @throws RuntimeException in words for the operator
   */
  static EngineStart resume(
      SemnalConfig config,
      JournalDirectory journal,
      JournalState state,
      SnapshotChoice snapshots,
      EngineTime time,
      HistoryChoice history,
      Progress progress) {
    ModelRegistry registry =
        new ModelRegistry(
            config.runtime().models().directory(), config.runtime().models().scorer());
    ModelSwap.settle(journal.path(), state, registry);
    PinnedModels pinned = new PinnedModels(journal.path(), config.runtime().models().scorer());
    SignalEngineFactory factory =
        new SignalEngineFactory(
            ConfigLoader::engine, reference -> pin(registry, pinned, reference), pinned::load);
    RunRequest request =
        new RunRequest(
            BuildId.current(),
            config.engineText(),
            wantedModels(config, registry, pinned),
            ModelReferences.of(config.engine()).stream().map(ModelReferences::isFollowing).toList(),
            !time.isWall(),
            time.isWall() ? time.ofOther(time.now()) : 0,
            System.currentTimeMillis() * 1_000_000L,
            warmUp(config),
            history);
    return Recovery.resume(journal, state, snapshots, factory, request, progress);
  }

  private static LoadedModel pin(ModelRegistry registry, PinnedModels pinned, String reference) {
    LoadedModel model = registry.load(reference);
    pinned.pin(model, registry);
    return model;
  }

  /** One pin for each reference of the strategies, in their order: as a run's header holds them. */
  private static List<ModelPin> wantedModels(
      SemnalConfig config, ModelRegistry registry, PinnedModels pinned) {
    List<ModelPin> pins = new ArrayList<>();
    for (String reference : ModelReferences.of(config.engine())) {
      try (LoadedModel model = pin(registry, pinned, reference)) {
        pins.add(
            new ModelPin(
                model.card().name(), model.card().version(), model.sha256(), model.kind()));
      }
    }
    return pins;
  }

  /** How far back earlier quotes can still matter to a feature. */
  private static Duration warmUp(SemnalConfig config) {
    return config.runtime().warmUp().fromJournal() ? WarmUp.span(config.engine()) : Duration.ZERO;
  }
}
