package io.semnal.inference.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A model version's bytes, as stored, with its card. */
record ModelFiles(byte[] onnx, ModelCard card) {
  static final String ONNX = "model.onnx";
  static final String CARD = "card.json";
  static final String SUMS = "SHA256SUMS";

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

  byte[] sha256() {
    return sha256(onnx);
  }
}
