package io.semnal.inference.registry;

import io.semnal.inference.scorer.Scorer;
import io.semnal.protocol.sbe.ScorerKind;

/**
 * A verified model, ready to score on one thread.
 *
 * @param reason for people: why it is scored by this kind of scorer
 */
public record LoadedModel(
    ModelCard card, byte[] sha256, ScorerKind kind, Scorer scorer, String reason)
    implements AutoCloseable {
  /** One whose scorer needs no reason. */
  public LoadedModel(ModelCard card, byte[] sha256, ScorerKind kind, Scorer scorer) {
    this(card, sha256, kind, scorer, "");
  }

  @Override
  public void close() {
    scorer.close();
  }
}
