package io.semnal.features;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Assumptions;

/** Finds the shared test data, and skips the test with a message where it is absent. */
public final class TestData {
  private TestData() {}

  public static Path path(String relative) {
    Path path = Path.of(System.getProperty("semnal.testdata", "../shared/data"), relative);
    Assumptions.assumeTrue(Files.exists(path), "no test data at " + path);
    return path;
  }

  public static List<String> lines(Path path) {
    try {
      return Files.readAllLines(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of the one file in a zip. */
  public static List<String> zipLines(Path path) {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(path))) {
      zip.getNextEntry();
      return new BufferedReader(new InputStreamReader(zip, StandardCharsets.US_ASCII))
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<Path> list(String relative) {
    try (var files = Files.list(path(relative))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
