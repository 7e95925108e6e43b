package io.semnal.inference.compiled;

/** One operation of a compiled model: reads and writes buffers that it was given when made. */
@FunctionalInterface
interface Step {
  /** Allocates and throws nothing. */
  void run();
}
