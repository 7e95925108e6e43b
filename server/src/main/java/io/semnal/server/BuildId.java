package io.semnal.server;

import io.semnal.core.engine.Engine;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.scorer.Scorer;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names the code that decides what the engine says: the version and a hash over the classes of
 * protocol, core, feature-pipeline and inference. Two processes with the same id compute the same
 * bytes.
 */
public final class BuildId {
  private static final int SHOWN = 6;

  private BuildId() {}

  /** For example {@code 0.1.0+3fa9c1d2e4b7}. */
  public static String current() {
    return Holder.ID;
  }

  private static final class Holder {
    static final String ID = compute();
  }

  private static String compute() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Class<?> member :
          List.of(MessageLayout.class, Engine.class, FeaturePipeline.class, Scorer.class)) {
        Path place = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
        add(digest, place);
      }
      return "0.1.0+" + HexFormat.of().formatHex(digest.digest(), 0, SHOWN);
    } catch (NoSuchAlgorithmException | URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A jar is hashed entry by entry like a folder of classes, so that both name the same build. */
  private static void add(MessageDigest digest, Path place) throws IOException {
    if (Files.isDirectory(place)) {
      addTree(digest, place);
      return;
    }
    try (var jar = java.nio.file.FileSystems.newFileSystem(place)) {
      addTree(digest, jar.getPath("/"));
    }
  }

  private static void addTree(MessageDigest digest, Path root) throws IOException {
    List<Path> classes;
    try (Stream<Path> files = Files.walk(root)) {
      classes = files.filter(f -> f.toString().endsWith(".class")).sorted(BuildId::byName).toList();
    }
    for (Path file : classes) {
      digest.update(
          root.relativize(file).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
  }

  private static int byName(Path a, Path b) {
    return a.toString().compareTo(b.toString());
  }
}
