package io.semnal.inference.engine;

import io.semnal.core.engine.ModelPin;

/**
 * The model that scores for a strategy.
 *
 * @param reference as the strategy's configuration has it
 * @param model {@code null} = none
 */
public record ActiveModel(String strategy, String reference, ModelPin model) {
  /** Whether the strategy takes what becomes the champion of this name. */
  public boolean follows(String name) {
    return reference.equals(name) || reference.equals(name + "@champion");
  }
}
