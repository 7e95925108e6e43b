package io.semnal.gateway;

import java.util.Arrays;

/**
 * The topics of one channel of which one session waits for the latest message: because its
 * connection is full, it is behind, or it wants no more than one in an interval.
 *
 * <p>Holds no message, only the number of the first that was left out. Allocates when a topic first
 * waits. Loop thread.
 */
final class TopicConflation {
  private static final int LEAST = 16;
  private static final long[] NOTHING = {};

  private final IdSet waiting = new IdSet();
  private final Conflation how;
  private long[] firstHeld = NOTHING;
  private long[] dueAt = NOTHING;
  private int count;

  TopicConflation(Conflation how) {
    this.how = how;
  }

  Conflation how() {
    return how;
  }

  /**
   * A message of this topic just came, and everything of the channel that is not held was sent.
   *
   * @param open whether the session takes messages of this channel now
   */
  void offer(LatestTopics latest, int topic, boolean open, long now, SessionOutput output) {
    if (open && !waiting.contains(topic) && isDue(topic, now)) {
      latest.writeTaken(output);
      sent(topic, now);
    } else {
      hold(topic, latest.takenSeq());
    }
  }

  private void hold(int topic, long seq) {
    if (!waiting.contains(topic)) {
      waiting.add(topic);
      count++;
      firstHeld = withRoom(firstHeld, topic);
      firstHeld[topic] = seq;
    }
  }

  /** Sends what waits and is due, as far as the connection takes it. */
  void release(LatestTopics latest, long now, SessionOutput output) {
    if (count == 0) {
      return;
    }
    for (int id = waiting.next(0); id >= 0 && count > 0; id = waiting.next(id + 1)) {
      if (!output.isWritable()) {
        return;
      }
      if (isDue(id, now)) {
        waiting.remove(id);
        count--;
        latest.writeLatest(id, firstHeld[id], output);
        sent(id, now);
      }
    }
  }

  private boolean isDue(int topic, long now) {
    return topic >= dueAt.length || dueAt[topic] == 0 || now - dueAt[topic] >= 0;
  }

  private void sent(int topic, long now) {
    if (how.intervalNanos() > 0) {
      dueAt = withRoom(dueAt, topic);
      // 0 stands for never.
      dueAt[topic] = now + how.intervalNanos() | 1;
    }
  }

  private static long[] withRoom(long[] array, int index) {
    return index < array.length
        ? array
        : Arrays.copyOf(array, Math.max(LEAST, Math.max(index + 1, array.length * 2)));
  }
}
