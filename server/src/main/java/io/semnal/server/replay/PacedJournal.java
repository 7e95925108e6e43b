package io.semnal.server.replay;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.feed.session.Pace;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.journal.ReplayRange;
import io.semnal.protocol.MessageLayout;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Hands a part of a journal over once more, each inbound message followed by what it caused, paced
 * by the messages' time. What is handed over is what was journaled; no engine runs. One thread.
 */
public final class PacedJournal implements AutoCloseable {
  /** Takes the messages. */
  public interface Target {
    /** Whether one more message of either kind can be taken now. */
    boolean hasRoom();

    void inbound(DirectBuffer buffer, int offset, int length);

    void outbound(DirectBuffer buffer, int offset, int length);
  }

  /** One message of a queue, read ahead. */
  private static final class Held {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);
    private final MessageHandler handler = this::take;
    private final QueueReader reader;
    private int length;

    Held(QueueReader reader) {
      this.reader = reader;
    }

    boolean fill() {
      return length > 0 || reader.readNext(handler);
    }

    private void take(DirectBuffer source, int offset, int sourceLength) {
      buffer.putBytes(0, source, offset, sourceLength);
      length = sourceLength;
    }
  }

  private final Held inbound;
  private final Held outbound;
  private final long until;
  private final Pace pace;
  private final LongSupplier nanoTime;
  private final Target target;
  private boolean started;
  private boolean ended;
  private long startNanos;
  private long firstTime;
  private long cause;

  /**
   * @param firstOutSeq the first outbound message that is handed over
   * @param pace by {@link Pace.Kind#SPEED} or as fast as the target takes them
   * @param nanoTime the clock of the pace
   */
  public PacedJournal(
      JournalDirectory journal,
      ReplayRange range,
      long firstOutSeq,
      Pace pace,
      LongSupplier nanoTime,
      Target target) {
    this.pace = pace;
    this.nanoTime = nanoTime;
    this.target = target;
    until = range.until();
    inbound = new Held(journal.inboundReader());
    outbound = new Held(journal.outboundReader());
    ended = !inbound.reader.seekToSequence(range.from());
    outbound.reader.seekToSequence(firstOutSeq);
  }

  /**
   * Hands over what is due.
   *
   * @return messages handed over
   */
  public int advance(int most) {
    int done = 0;
    while (done < most && !ended && target.hasRoom()) {
      if (outbound.fill() && MessageLayout.causeSeq(outbound.buffer, 0) <= cause) {
        target.outbound(outbound.buffer, 0, outbound.length);
        outbound.length = 0;
      } else if (!isNextThere()) {
        ended = true;
      } else if (nanosToNext() > 0) {
        return done;
      } else {
        cause = MessageLayout.journalSeq(inbound.buffer, 0);
        target.inbound(inbound.buffer, 0, inbound.length);
        inbound.length = 0;
      }
      done++;
    }
    return done;
  }

  private boolean isNextThere() {
    return inbound.fill() && MessageLayout.journalSeq(inbound.buffer, 0) <= until;
  }

  /** Until the next inbound message is due, which must be there; zero or less: it is. */
  private long nanosToNext() {
    long time = MessageLayout.inboundTime(inbound.buffer, 0);
    if (!started) {
      started = true;
      startNanos = nanoTime.getAsLong();
      firstTime = time;
    }
    long planned = pace.kind() == Pace.Kind.MAX ? 0 : (long) ((time - firstTime) / pace.value());
    return planned == 0 ? 0 : planned - (nanoTime.getAsLong() - startNanos);
  }

  /** How long nothing will be due; 0 where something is. */
  public long idleNanos() {
    return ended || !isNextThere() ? 0 : Math.max(0, nanosToNext());
  }

  /** Whether the last message was handed over, with all that it caused. */
  public boolean isEnded() {
    return ended;
  }

  @Override
  public void close() {
    inbound.reader.close();
    outbound.reader.close();
  }
}
