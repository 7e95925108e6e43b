package io.semnal.core.agent;

/** Told once when the engine threw: stops the process in order. */
@FunctionalInterface
public interface EngineFailureHandler {
  /**
   * @param journalSeq of the message that killed the engine
   */
  void onEngineFailure(long journalSeq, Throwable cause);
}
