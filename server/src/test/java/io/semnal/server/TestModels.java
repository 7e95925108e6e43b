package io.semnal.server;

import java.nio.file.Path;

/** The default model that the build fits. */
final class TestModels {
  private TestModels() {}

  static Path directory() {
    return Path.of(System.getProperty("semnal.root"), "server/target/models");
  }
}
