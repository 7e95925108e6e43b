package io.semnal.fix.session;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixTokenizer;
import io.semnal.fix.store.MessageStore;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Answers one ResendRequest, a batch at a time: kept application messages again, everything else as
 * gap fills. A further request takes the place of the one under way. One thread.
 */
final class Resender {
  private static final long NO_GAP = 0;

  /** Numbers looked up in one turn, of messages that are not resent. */
  private static final int SCANNED_PER_MESSAGE = 64;

  private final FixSession session;
  private final MessageStore store;
  private final SessionOutput output;
  private final FixApplication application;
  private final int batch;
  private final UnsafeBuffer kept;
  private final FixMessage message = new FixMessage();
  private final FixTokenizer tokenizer = new FixTokenizer(Integer.MAX_VALUE / 2);
  private long next;
  private long last;
  private long gapFrom = NO_GAP;

  Resender(
      FixSession session, MessageStore store, SessionOutput output, FixApplication application) {
    this.session = session;
    this.store = store;
    this.output = output;
    this.application = application;
    batch = session.config().resendBatch();
    kept = new UnsafeBuffer(new byte[session.config().maxMessage() + 128]);
    stop();
  }

  void stop() {
    next = 1;
    last = 0;
    gapFrom = NO_GAP;
  }

  boolean isActive() {
    return next <= last || gapFrom != NO_GAP;
  }

  /** Begins with a range, both ends inclusive. */
  void start(long from, long to) {
    next = from;
    last = to;
    gapFrom = NO_GAP;
  }

  /** Sends the next batch. Returns messages sent. */
  int pump(long now) {
    int sent = 0;
    int scanned = 0;
    while (next <= last && sent < batch && scanned++ < batch * SCANNED_PER_MESSAGE) {
      if (!output.transport().isWritable()) {
        return sent;
      }
      if (load(next) && application.onResend(session, message, now)) {
        sent += closeGap(now) + 1;
        output.resend(message, next, now);
      } else if (gapFrom == NO_GAP) {
        gapFrom = next;
      }
      next++;
    }
    return next > last ? sent + closeGap(now) : sent;
  }

  private boolean load(long seq) {
    int length = store.read(seq, kept);
    return length > 0 && tokenizer.next(kept, 0, length, message) == FixTokenizer.MESSAGE;
  }

  private int closeGap(long now) {
    if (gapFrom == NO_GAP) {
      return 0;
    }
    output.gapFill(gapFrom, next, now);
    gapFrom = NO_GAP;
    return 1;
  }
}
