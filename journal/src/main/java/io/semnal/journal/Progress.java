package io.semnal.journal;

/** Is told now and then how far long work has come. Cold path. */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress NONE = (task, done, total) -> {};

  /** Messages between two calls, a power of two. */
  int EVERY = 1 << 16;

  /**
   * @param task what is being done, for example {@code reading inbound}
   * @param done messages so far
   * @param total messages in all, as far as known
   */
  void at(String task, long done, long total);
}
