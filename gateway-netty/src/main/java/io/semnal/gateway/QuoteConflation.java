package io.semnal.gateway;

import java.util.Arrays;

/**
 * The quotes that one full connection has not taken yet: of each instrument only the latest is sent
 * later, after a word on what was left out. Loop thread.
 */
final class QuoteConflation {
  private final IdSet waiting = new IdSet();
  private long[] firstHeld = new long[64];
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  /** The latest quote of this instrument waits. */
  void hold(int instrumentId, long journalSeq) {
    if (!waiting.contains(instrumentId)) {
      waiting.add(instrumentId);
      count++;
      if (instrumentId >= firstHeld.length) {
        firstHeld = Arrays.copyOf(firstHeld, Math.max(instrumentId + 1, firstHeld.length * 2));
      }
      firstHeld[instrumentId] = journalSeq;
    }
  }

  /** Sends what waits, as far as the connection takes it. */
  void release(SessionOutput output, LatestQuotes latest) {
    for (int id = waiting.next(0); id >= 0 && count > 0; id = waiting.next(id + 1)) {
      if (!output.isWritable()) {
        return;
      }
      waiting.remove(id);
      count--;
      latest.writeLatest(id, firstHeld[id], output);
    }
  }
}
