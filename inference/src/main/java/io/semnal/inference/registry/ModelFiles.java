package io.semnal.inference.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A model version's bytes, as stored, with its card.
 *
 * @param rows that it must score as they say, where it keeps some
 */
record ModelFiles(byte[] onnx, ModelCard card, Optional<ParityRows> rows) {
  static final String ONNX = "model.onnx";
  static final String CARD = "card.json";
  static final String SUMS = "SHA256SUMS";

  ModelFiles(byte[] onnx, ModelCard card) {
    this(onnx, card, Optional.empty());
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  ModelFiles withVersion(int version) {
    return new ModelFiles(onnx, card.withVersion(version), rows);
  }

  byte[] sha256() {
    return sha256(onnx);
  }
}
