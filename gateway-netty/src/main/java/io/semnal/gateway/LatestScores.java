package io.semnal.gateway;

import io.semnal.gateway.json.Names;
import io.semnal.protocol.MessageLayout;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.Long2LongHashMap;

/**
 * The latest score of each topic that some session wants conflated. Loop thread; allocates when a
 * topic is new.
 */
final class LatestScores implements LatestTopics {
  private static final long NONE = -1;
  private static final int INSTRUMENT_SHIFT = 44;
  private static final int TIMEFRAME_SHIFT = 20;

  private static final class Entry {
    final ExpandableArrayBuffer message = new ExpandableArrayBuffer(256);
    int length;
  }

  /** As in {@link LatestQuotes}. */
  private final MessageFrames takenFrames;

  private final MessageFrames late;
  private final SessionMessages messages;
  private final Long2LongHashMap topics = new Long2LongHashMap(NONE);
  private final List<Entry> latest = new ArrayList<>();
  private Entry taken;

  LatestScores(Names names, SessionMessages messages) {
    takenFrames = new MessageFrames(names);
    late = new MessageFrames(names);
    this.messages = messages;
  }

  /**
   * @return the number of the score's topic
   */
  int take(DirectBuffer buffer, int offset, int length) {
    long key =
        ((long) MessageLayout.instrumentId(buffer, offset) << INSTRUMENT_SHIFT)
            ^ ((long) MessageLayout.timeframe(buffer, offset) << TIMEFRAME_SHIFT)
            ^ MessageLayout.strategyId(buffer, offset);
    long topic = topics.get(key);
    if (topic == NONE) {
      topic = latest.size();
      topics.put(key, topic);
      latest.add(new Entry());
    }
    taken = latest.get((int) topic);
    taken.message.putBytes(0, buffer, offset, length);
    taken.length = length;
    takenFrames.begin(taken.message, 0, length);
    return (int) topic;
  }

  @Override
  public void writeTaken(SessionOutput output) {
    takenFrames.shareTo(output, false, false);
  }

  @Override
  public void letGo() {
    takenFrames.end();
  }

  @Override
  public long takenSeq() {
    return MessageLayout.outSeq(taken.message, 0);
  }

  @Override
  public void writeLatest(int topic, long firstHeld, SessionOutput output) {
    Entry entry = latest.get(topic);
    long seq = MessageLayout.outSeq(entry.message, 0);
    if (seq != firstHeld) {
      int length = messages.scoresConflated(firstHeld, seq - 1, entry.message);
      late.begin(messages.buffer(), 0, length);
      late.writeTo(output, false);
    }
    late.begin(entry.message, 0, entry.length);
    late.writeTo(output, false);
  }
}
