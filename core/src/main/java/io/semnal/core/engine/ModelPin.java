package io.semnal.core.engine;

import io.semnal.protocol.sbe.ScorerKind;

/**
 * A model version as a run's header names it.
 *
 * @param sha256 32 bytes, of the ONNX file
 */
public record ModelPin(String name, int version, byte[] sha256, ScorerKind scorer) {}
