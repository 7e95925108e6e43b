package io.semnal.journal;

import io.semnal.core.engine.Engine;

/** Lets go of engines that are not needed any more. */
final class Engines {
  private Engines() {}

  /** Closes what an engine holds outside the heap, if it holds anything. */
  static void close(Engine engine) {
    if (engine instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new JournalException("cannot close an engine: " + e, e);
      }
    }
  }
}
