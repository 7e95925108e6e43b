package io.semnal.features.bar;

/** Is told which bars closed at one instant, once all of them have. */
@FunctionalInterface
public interface CloseListener {
  /**
   * @param boundary the instant
   * @param keys the first {@code count} are {@code instrument × timeframes + timeframe}, ascending
   */
  void onClosed(long boundary, int[] keys, int count);
}
