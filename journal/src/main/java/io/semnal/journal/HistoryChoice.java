package io.semnal.journal;

import io.semnal.core.engine.Engine;

/** Decides whether a run's features have the history that they should, when it could be another. */
public interface HistoryChoice {
  /** What the journal holds is history enough. */
  HistoryChoice EARLIER_MESSAGES =
      new HistoryChoice() {
        @Override
        public boolean suffices(Engine engine) {
          return true;
        }

        @Override
        public boolean mayGoOn(Engine engine, RunInfo run) {
          return true;
        }
      };

  /**
   * Whether a new run begins with what earlier messages gave its engine; if not, it begins with an
   * engine that has seen none of them, and what warms that up comes as messages of the run.
   */
  boolean suffices(Engine engine);

  /**
   * Whether the last run goes on, whose configuration is the wanted one; if not, a new run begins.
   *
   * @param engine at the end of that run
   */
  boolean mayGoOn(Engine engine, RunInfo run);
}
