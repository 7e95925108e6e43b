package io.semnal.server.command;

import java.nio.file.Path;

/** Where things lie that a command needs and the user did not name. */
final class Homes {
  private Homes() {}

  /** The checkout, as the launcher says; else the current folder. */
  static Path home() {
    return Path.of(System.getProperty("semnal.home", "."));
  }

  /** The models that the build made. */
  static Path builtModels() {
    return home().resolve("server/target/models");
  }
}
