package io.semnal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names the time since the machine was started, where the system tells. */
final class BootId {
  private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

  private BootId() {}

  /** Empty where it is not known. */
  static String current() {
    try {
      return Files.isReadable(FILE) ? Files.readString(FILE).strip() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
