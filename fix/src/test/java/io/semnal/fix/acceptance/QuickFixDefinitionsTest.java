package io.semnal.fix.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * QuickFIX's own server acceptance definitions against the echo, where the system property {@code
 * semnal.fix.definitions} names the folder that holds {@code fix42} and {@code fix44}.
 */
@Execution(ExecutionMode.SAME_THREAD)
class QuickFixDefinitionsTest {
  @TestFactory
  Stream<DynamicTest> echoBehavesAsQuickFixExpects() throws IOException {
    String folder = System.getProperty("semnal.fix.definitions");
    Assumptions.assumeTrue(
        folder != null && Files.isDirectory(Path.of(folder)),
        "semnal.fix.definitions names no folder of definitions");
    return Stream.of("fix42", "fix44").flatMap(name -> definitions(Path.of(folder, name)));
  }

  private static Stream<DynamicTest> definitions(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.filter(f -> f.toString().endsWith(".def")).sorted().toList();
      return all.stream()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      folder.getFileName() + "/" + file.getFileName(), () -> play(file)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void play(Path file) throws IOException {
    try (FixEcho echo = new FixEcho(0)) {
      new DefinitionRunner(echo.address()).run(file);
    }
  }
}
