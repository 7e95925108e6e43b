package io.semnal.journal;

/**
 * The part of a journal that is replayed, by {@code journalSeq}. A replay begins at the newest
 * snapshot before {@code from} that serves, else where {@code from}'s run begins: an engine cannot
 * begin in the middle.
 *
 * @param from first inbound message that is wanted
 * @param until last one; {@link Long#MAX_VALUE} = to the end
 */
public record ReplayRange(long from, long until) {
  /** The whole journal. */
  public static final ReplayRange ALL = new ReplayRange(1, Long.MAX_VALUE);

  public ReplayRange {
    if (from < 1 || until < from) {
      throw new IllegalArgumentException("a range from " + from + " to " + until);
    }
  }

  /** The whole journal up to a message. */
  public static ReplayRange upTo(long until) {
    return new ReplayRange(1, until);
  }

  /**
   * The inbound messages of a time range.
   *
   * @param fromTime engine time of the first one or before; {@link Long#MIN_VALUE} = the beginning
   * @param untilTime engine time of the last one or after; {@link Long#MAX_VALUE} = the end
   * @throws JournalException where nothing lies there
   */
  public static ReplayRange ofTimes(JournalDirectory journal, long fromTime, long untilTime) {
    long from = fromTime == Long.MIN_VALUE ? 1 : firstAt(journal, fromTime);
    long behind = untilTime == Long.MAX_VALUE ? 0 : firstAt(journal, untilTime + 1);
    if (from == 0 || behind != 0 && behind <= from) {
      throw new JournalException("the journal has no inbound message in that time");
    }
    return new ReplayRange(from, behind == 0 ? Long.MAX_VALUE : behind - 1);
  }

  /** The first inbound message at that time or later; 0 = none. */
  private static long firstAt(JournalDirectory journal, long time) {
    long[] found = {0};
    try (QueueReader reader = journal.inboundReader()) {
      if (reader.seekToTime(time)) {
        reader.readNext((b, offset, n) -> found[0] = Side.INBOUND.sequence(b, offset));
      }
    }
    return found[0];
  }
}
