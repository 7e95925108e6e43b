package io.semnal.server;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.inference.engine.SignalEngineFactory;
import io.semnal.inference.registry.PinnedModels;
import io.semnal.journal.JournalDirectory;

/** Engines for journals that stand alone: from a run's header and the models kept beside it. */
public final class JournalEngines {
  private JournalEngines() {}

  /** A factory that asks no registry. */
  public static SignalEngineFactory of(JournalDirectory journal) {
    PinnedModels pinned = new PinnedModels(journal.path(), ScorerChoice.AUTO);
    return new SignalEngineFactory(ConfigLoader::engine, pinned, pinned::load);
  }
}
