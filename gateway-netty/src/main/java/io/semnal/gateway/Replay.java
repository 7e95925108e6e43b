package io.semnal.gateway;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * One client's way from far back in the journal to the window: the replay thread reads, filters and
 * paces; the loop takes what it found from a bounded buffer and sends it.
 *
 * <p>It ends well inside the window, or at its head; it never reads beyond the head, so that
 * whatever it hands over, the loop already knows the definitions for.
 */
final class Replay {
  /** {@link #advance}: the journal is left, the loop reads what is in the buffer. */
  static final int OVER = -1;

  /** {@link #advance}: cancelled. */
  static final int GONE = -2;

  private static final int TYPE = 1;
  private static final int SCAN = 4_096;
  private static final long SECOND = 1_000_000_000L;

  /** Part of the window that it goes into, so as not to fall out again at once. */
  private static final int MARGIN_PARTS = 4;

  /** How it ended. */
  enum Outcome {
    RUNNING,
    /** All up to {@link #position} is handed over. */
    DONE,
    /** The journal no longer has the next message, or not as it was published. */
    AGED_OUT,
    FAILED
  }

  private final OutboundHistory history;
  private final WindowBounds bounds;
  private final long margin;
  private final Filter[] filters;
  private final int perSecond;
  private final OneToOneRingBuffer buffer;
  private final ExpandableArrayBuffer held = new ExpandableArrayBuffer(256);
  private final MessageHandler handler = this::onMessage;
  private OutboundHistory.Cursor cursor;
  private int heldLength;
  private long position;
  private long lastRefill;
  private long tokens;
  private boolean gap;
  private volatile Outcome outcome = Outcome.RUNNING;
  private volatile RuntimeException failure;
  private volatile boolean cancelled;

  /**
   * @param from exclusive
   * @param buffer empty; goes back to the replayer with {@link #buffer}
   * @param filters by channel, {@code null} where not subscribed; not changed afterwards
   */
  Replay(
      OneToOneRingBuffer buffer,
      OutboundHistory history,
      WindowBounds bounds,
      int windowLength,
      long from,
      Filter[] filters,
      int perSecond) {
    this.buffer = buffer;
    this.history = history;
    this.bounds = bounds;
    this.margin = windowLength / MARGIN_PARTS;
    this.position = from;
    this.filters = filters;
    this.perSecond = perSecond;
  }

  // Loop thread

  /** Hands over what was found. */
  int drain(ControlledMessageHandler target, int limit) {
    return buffer.controlledRead(target, limit);
  }

  boolean isDrained() {
    return buffer.size() == 0;
  }

  Outcome outcome() {
    return outcome;
  }

  /** The last message considered; once it has ended. */
  long position() {
    return position;
  }

  /** With {@link Outcome#FAILED}. */
  RuntimeException failure() {
    return failure;
  }

  /** The client is gone. */
  void cancel() {
    cancelled = true;
  }

  /** Once it has ended and is drained, or was cancelled and let go of. */
  OneToOneRingBuffer buffer() {
    return buffer;
  }

  // Replay thread

  /**
   * Reads on, as far as pace, room and window let it.
   *
   * @return messages read; {@link #OVER}, when the loop has the rest; {@link #GONE}, when the
   *     client is gone and nobody reads the buffer any more
   */
  int advance(long now) {
    if (cancelled) {
      close();
      return GONE;
    }
    try {
      int read = readOn(now);
      if (gap || hasArrived()) {
        end(gap ? Outcome.AGED_OUT : Outcome.DONE);
        return OVER;
      }
      return read;
    } catch (DamagedHistoryException e) {
      end(Outcome.AGED_OUT);
      return OVER;
    } catch (RuntimeException e) {
      failure = e;
      end(Outcome.FAILED);
      return OVER;
    }
  }

  private int readOn(long now) {
    if (cursor == null) {
      cursor = history.open(position);
      lastRefill = now;
    }
    refill(now);
    int read = 0;
    while (read < SCAN && tokens > 0 && !gap && passHeld() && !hasArrived()) {
      if (!cursor.readNext(handler)) {
        break;
      }
      read++;
    }
    passHeld();
    return read;
  }

  private void refill(long now) {
    long whole = (long) ((double) (now - lastRefill) * perSecond / SECOND);
    if (whole > 0) {
      // At most a tenth of a second's worth at once: a pace, not bursts.
      tokens = Math.min(Math.max(1, perSecond / 10), tokens + whole);
      lastRefill += (long) ((double) whole * SECOND / perSecond);
    }
  }

  private boolean hasArrived() {
    return heldLength == 0
        && (position + 1 >= bounds.oldest() + margin || position >= bounds.head());
  }

  private void onMessage(DirectBuffer message, int offset, int length) {
    long outSeq = MessageLayout.outSeq(message, offset);
    if (outSeq <= position) {
      return;
    }
    if (outSeq != position + 1) {
      gap = true;
      return;
    }
    position = outSeq;
    if (isWanted(message, offset)) {
      tokens--;
      if (!buffer.write(TYPE, message, offset, length)) {
        held.putBytes(0, message, offset, length);
        heldLength = length;
      }
    }
  }

  /** By what was asked for; whether the key may read the instrument is left to the loop. */
  private boolean isWanted(DirectBuffer message, int offset) {
    int channel = Channel.of(MessageLayout.templateId(message, offset));
    if (channel == Channel.DEFINITIONS) {
      return true;
    }
    return channel >= 0
        && filters[channel] != null
        && filters[channel].passes(
            MessageLayout.instrumentId(message, offset),
            MessageLayout.timeframe(message, offset),
            MessageLayout.strategyId(message, offset));
  }

  private boolean passHeld() {
    if (heldLength > 0 && buffer.write(TYPE, held, 0, heldLength)) {
      heldLength = 0;
    }
    return heldLength == 0;
  }

  private void end(Outcome how) {
    close();
    outcome = how;
  }

  private void close() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
