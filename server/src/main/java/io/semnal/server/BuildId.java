package io.semnal.server;

import io.semnal.core.engine.Engine;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.scorer.Scorer;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Names the code that decides what the engine says: the version and a hash over the classes of
 * protocol, core, feature-pipeline and inference. Two processes with the same id compute the same
 * bytes.
 */
public final class BuildId {
  private static final int SHOWN = 6;
  private static final String CLASS = ".class";

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

  /** A jar is taken entry by entry like a folder of classes, so that both name the same build. */
  private static void add(MessageDigest digest, Path place) throws IOException {
    SortedMap<String, Long> classes =
        Files.isDirectory(place) ? classesOfFolder(place) : classesOfJar(place);
    ByteBuffer sum = ByteBuffer.allocate(Long.BYTES);
    classes.forEach(
        (name, checksum) -> {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update(sum.putLong(0, checksum).array());
        });
  }

  /** Checksums as the jar's directory has them: nothing is read or inflated at every start. */
  private static SortedMap<String, Long> classesOfJar(Path place) throws IOException {
    SortedMap<String, Long> classes = new TreeMap<>();
    try (ZipFile jar = new ZipFile(place.toFile())) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().endsWith(CLASS)) {
          classes.put(entry.getName(), entry.getCrc());
        }
      }
    }
    return classes;
  }

  private static SortedMap<String, Long> classesOfFolder(Path root) throws IOException {
    SortedMap<String, Long> classes = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(file -> file.toString().endsWith(CLASS)).toList();
    }
    for (Path file : files) {
      CRC32 crc = new CRC32();
      crc.update(Files.readAllBytes(file));
      classes.put(root.relativize(file).toString().replace('\\', '/'), crc.getValue());
    }
    return classes;
  }
}
