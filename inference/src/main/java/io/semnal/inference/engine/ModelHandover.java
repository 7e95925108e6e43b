package io.semnal.inference.engine;

import io.semnal.inference.registry.LoadedModel;

/**
 * A model on its way to an engine: handed over by one thread, taken or refused by the engine's when
 * the ModelActivation message that names it comes.
 */
public final class ModelHandover {
  private final LoadedModel model;
  private String refusal;
  private long journalSeq;
  private volatile boolean answered;

  ModelHandover(LoadedModel model) {
    this.model = model;
  }

  LoadedModel model() {
    return model;
  }

  /** Engine thread. */
  void answer(String why, long sequence) {
    refusal = why;
    journalSeq = sequence;
    answered = true;
  }

  /** Whether the engine has met the activation. Any thread. */
  public boolean isAnswered() {
    return answered;
  }

  /** Why the old model stays; {@code null} = this one scores now. Once answered. */
  public String refusal() {
    return refusal;
  }

  /** The activation's. Once answered. */
  public long journalSeq() {
    return journalSeq;
  }
}
