package io.semnal.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the default model's registry that can be damaged. */
final class BrokenModel {
  private final Path version;

  BrokenModel(Path registry) throws IOException {
    version = registry.resolve("default/1");
    Path from = TestModels.directory();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, registry.resolve(from.relativize(file)));
      }
    }
  }

  /** Half of the model is gone. */
  void truncate() throws IOException {
    byte[] bytes = Files.readAllBytes(version.resolve("model.onnx"));
    Files.write(version.resolve("model.onnx"), Arrays.copyOf(bytes, bytes.length / 2));
  }

  /** Writes sums that fit what is there now. */
  void sumUp() throws IOException {
    StringBuilder sums = new StringBuilder();
    for (String name : List.of("card.json", "model.onnx")) {
      sums.append(sha256(version.resolve(name))).append("  ").append(name).append('\n');
    }
    Files.writeString(version.resolve("SHA256SUMS"), sums);
  }

  String sha256() throws IOException {
    return sha256(version.resolve("model.onnx"));
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
