package io.semnal.inference.engine;

import io.semnal.core.engine.ModelPin;

/**
 * The model that scores for a strategy.
 *
 * @param reference as the strategy's configuration has it
 * @param model {@code null} = none
 */
public record ActiveModel(String strategy, String reference, ModelPin model) {}
