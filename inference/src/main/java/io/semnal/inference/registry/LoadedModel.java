package io.semnal.inference.registry;

import io.semnal.inference.scorer.Scorer;
import io.semnal.protocol.sbe.ScorerKind;

/** A verified model, ready to score on one thread. */
public record LoadedModel(ModelCard card, byte[] sha256, ScorerKind kind, Scorer scorer)
    implements AutoCloseable {
  @Override
  public void close() {
    scorer.close();
  }
}
