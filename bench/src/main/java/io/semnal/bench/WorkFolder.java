package io.semnal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder under {@code bench/target} that goes when its owner is done. */
public final class WorkFolder implements AutoCloseable {
  private final Path path;

  public WorkFolder(String name) throws IOException {
    Path parent = Files.createDirectories(Machine.home().resolve("bench/target"));
    path = Files.createTempDirectory(parent, name + "-");
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}
