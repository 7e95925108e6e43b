package io.semnal.feed.fix;

import io.semnal.fix.codec.FixGroup;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixValues;
import io.semnal.fix.codec.Tag;
import java.util.List;

/** Finds the time of an event in a message, where the venue's profile says. One thread. */
final class EventTimes {
  private static final long DAY = 86_400_000_000_000L;
  private static final int TIMESTAMP = 17;

  private final VenueProfile.TimeField[] order;
  private int rank;

  EventTimes(List<VenueProfile.TimeField> order) {
    this.order = order.toArray(VenueProfile.TimeField[]::new);
  }

  /**
   * UTC nanoseconds; {@link FixValues#NONE}: nothing says it.
   *
   * @param entry {@code null} = the message has none
   */
  long of(FixMessage message, FixGroup entry) {
    for (int i = 0; i < order.length; i++) {
      long time =
          switch (order[i]) {
            case ENTRY -> entry == null ? FixValues.NONE : ofEntry(message, entry);
            case TRANSACT -> transact(message, entry);
            case SENDING -> message.timestamp(Tag.SENDING_TIME);
          };
      if (time != FixValues.NONE) {
        rank = i;
        return time;
      }
    }
    rank = order.length;
    return FixValues.NONE;
  }

  /**
   * Which of the profile's sources the last time came from, the best 0: where one entry of a
   * message says its time and another does not, the message's is the one that was said.
   */
  int rank() {
    return rank;
  }

  private static long transact(FixMessage message, FixGroup entry) {
    long own = entry == null ? FixValues.NONE : entry.timestamp(Tag.TRANSACT_TIME);
    return own != FixValues.NONE ? own : message.timestamp(Tag.TRANSACT_TIME);
  }

  private static long ofEntry(FixMessage message, FixGroup entry) {
    int at = entry.find(Tag.MD_ENTRY_TIME);
    if (at < 0) {
      return FixValues.NONE;
    }
    if (message.valueLength(at) >= TIMESTAMP) {
      return message.timestampAt(at);
    }
    long time =
        FixValues.timeOfDay(message.buffer(), message.valueOffset(at), message.valueLength(at));
    if (time == FixValues.NONE) {
      return FixValues.NONE;
    }
    int on = entry.find(Tag.MD_ENTRY_DATE);
    if (on >= 0) {
      long date =
          FixValues.date(message.buffer(), message.valueOffset(on), message.valueLength(on));
      return date == FixValues.NONE ? FixValues.NONE : date + time;
    }
    return nearest(time, message.timestamp(Tag.SENDING_TIME));
  }

  /** A time of day without its date is of the day that brings it nearest to the sending. */
  private static long nearest(long timeOfDay, long sending) {
    if (sending == FixValues.NONE) {
      return FixValues.NONE;
    }
    long time = sending - Math.floorMod(sending, DAY) + timeOfDay;
    if (time - sending > DAY / 2) {
      return time - DAY;
    }
    return sending - time > DAY / 2 ? time + DAY : time;
  }
}
