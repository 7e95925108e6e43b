package io.semnal.gateway.rest;

import io.semnal.gateway.OutboundHistory;
import io.semnal.gateway.rest.Problem.Code;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.session.PeerKey;
import org.agrona.DirectBuffer;

/**
 * How much of the journal a key may see just now: not what lies further back than its replay depth,
 * and nothing before its delay is over, not even how much there is.
 *
 * @param oldest {@code outSeq} of the first message
 * @param latest engine time of the last message
 * @param head {@code outSeq} of the last message
 */
record Reach(long oldest, long latest, long head) {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A cold thread asks: for a delayed key the journal is looked at. */
  static Reach of(PeerKey key, OutboundHistory history, long nowMillis) {
    long latest = Long.MAX_VALUE;
    long head = history.head();
    if (key.limits().isDelayed()) {
      latest = nowMillis * NANOS_PER_MILLI - key.limits().delay().toNanos();
      head = lastUntil(latest, history);
    }
    long depth = key.limits().replay();
    return new Reach(depth == 0 ? 1 : Math.max(1, head - depth + 1), latest, head);
  }

  private static long lastUntil(long latest, OutboundHistory history) {
    long[] tooYoung = {0};
    try (OutboundHistory.Cursor cursor = history.openAt(latest + 1)) {
      while (tooYoung[0] == 0) {
        boolean read =
            cursor.readNext(
                (buffer, offset, length) -> {
                  if (MessageLayout.outboundTime(buffer, offset) > latest) {
                    tooYoung[0] = MessageLayout.outSeq(buffer, offset);
                  }
                });
        if (!read) {
          return history.head();
        }
      }
    }
    return tooYoung[0] - 1;
  }

  boolean isTooYoung(DirectBuffer buffer, int offset) {
    return MessageLayout.outboundTime(buffer, offset) > latest;
  }

  /**
   * Refuses a cursor before which messages are gone or kept from the key, or ahead of all.
   *
   * @param complete {@code outSeq} from which on the journal has everything that is asked for
   */
  void check(long complete, long after) throws Problem {
    if (after > head) {
      throw Query.bad("cursor", "is ahead of the journal, which ends at " + head);
    }
    if (after < oldest - 1) {
      throw new Problem(
          Code.NOT_ENTITLED, "the key's replay depth begins at outSeq " + oldest + " just now");
    }
    if (after > 0 && after < complete - 1) {
      throw new Problem(
          Code.AGED_OUT, "the journal begins at outSeq " + complete + ", after this cursor");
    }
  }

  /** A delayed key gets nothing that is only of the moment. */
  static void requireUndelayed(PeerKey key, String what) throws Problem {
    if (key.limits().isDelayed()) {
      throw new Problem(Code.NOT_ENTITLED, "key '" + key.id() + "' is delayed: no " + what);
    }
  }
}
