package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.ModelPin;
import io.semnal.core.ingress.MessageHandler;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import org.agrona.DirectBuffer;

/**
 * Gives an engine what a run consists of: what was published before it, what warms its features up,
 * and its own messages. Allocates nothing per message.
 */
final class RunPlayer implements AutoCloseable {
  private final QueueReader inbound;
  private final QueueReader outbound;
  private final Quarantine quarantine;
  private final Progress progress;
  private final MessageHandler earlier = this::onEarlier;
  private final MessageHandler warm = this::onWarm;
  private final MessageHandler own = this::onOwn;
  private Engine engine;
  private ComparingSink sink;
  private long last;
  private long end;
  private long lastOfRun;
  private boolean cutShort;

  RunPlayer(JournalDirectory journal, Quarantine quarantine, Progress progress) {
    this(journal.inboundReader(), journal.outboundReader(), quarantine, progress);
  }

  /**
   * @param inbound the run's messages; closed with this
   * @param outbound what was published before; closed with this
   */
  RunPlayer(QueueReader inbound, QueueReader outbound, Quarantine quarantine, Progress progress) {
    this.inbound = inbound;
    this.outbound = outbound;
    this.quarantine = quarantine;
    this.progress = progress;
  }

  /** The engine that the next calls are for, and the sink that it speaks into. */
  void use(Engine player, ComparingSink into) {
    engine = player;
    sink = into;
  }

  /** Everything published up to {@code outSeq}. */
  void playEarlier(long outSeq) {
    outbound.seekToStart();
    last = 0;
    long done = 0;
    while (last < outSeq && outbound.readNext(earlier)) {
      report("reading earlier outbound", ++done, outSeq);
    }
    if (last < outSeq) {
      throw new CorruptJournalException(
          "outbound ends at " + last + "; a run's header knows of " + outSeq);
    }
  }

  /**
   * Inbound messages that warm the features up.
   *
   * @param from first {@code journalSeq}; 0 = none
   * @param before {@code journalSeq} of the run's header
   */
  void playWarmUp(long from, long before) {
    if (from == 0 || !inbound.seekToSequence(from)) {
      return;
    }
    long done = 0;
    last = from - 1;
    end = before - 1;
    while (last < end && inbound.readNext(warm)) {
      report("warming up", ++done, end - from + 1);
    }
  }

  /**
   * The run's own messages.
   *
   * @param from {@code journalSeq} of the run's header
   * @param to last {@code journalSeq}
   * @return last {@code journalSeq} that was played; less than {@code to} if the run was {@link
   *     #isCutShort}
   */
  long playRun(long from, long to) {
    inbound.seekToSequence(from);
    last = from - 1;
    cutShort = false;
    lastOfRun = 0;
    long done = 0;
    while (last < to && !cutShort && inbound.readNext(own)) {
      report("replaying", ++done, to - from + 1);
    }
    if (last < to && !cutShort) {
      throw new CorruptJournalException(
          "inbound ends at " + last + ", not at " + to + ", at " + inbound.place());
    }
    return last;
  }

  /** The last message of the run that was played; 0 = none. */
  long lastOfRun() {
    return lastOfRun;
  }

  /**
   * Whether the run ended at a message in quarantine of whose effects some had been published: no
   * engine can say those again, so nothing after it can be replayed.
   */
  boolean isCutShort() {
    return cutShort;
  }

  private void report(String task, long done, long total) {
    if ((done & (Progress.EVERY - 1)) == 0) {
      progress.at(task, done, total);
    }
  }

  private void onEarlier(DirectBuffer buffer, int offset, int length) {
    last = MessageLayout.outSeq(buffer, offset);
    engine.onEarlierOutbound(buffer, offset, length);
  }

  private void onWarm(DirectBuffer buffer, int offset, int length) {
    long sequence = MessageLayout.journalSeq(buffer, offset);
    last = sequence;
    if (sequence > end || quarantine.contains(sequence)) {
      return;
    }
    try {
      engine.onWarmUp(buffer, offset, length);
    } catch (RuntimeException | Error e) {
      throw died(sequence, e);
    }
  }

  private void onOwn(DirectBuffer buffer, int offset, int length) {
    long sequence = MessageLayout.journalSeq(buffer, offset);
    if (sequence != last + 1) {
      throw new CorruptJournalException(
          "inbound message "
              + (last + 1)
              + " is missing: found journalSeq "
              + sequence
              + " after "
              + last
              + " at "
              + inbound.place());
    }
    if (quarantine.contains(sequence)) {
      cutShort = sink.dueCause() == sequence;
      last = sequence;
      lastOfRun = sequence;
      return;
    }
    if (MessageLayout.templateId(buffer, offset) == ModelActivationDecoder.TEMPLATE_ID) {
      prepare(ModelActivations.decode(buffer, offset), sequence);
    }
    try {
      engine.onMessage(buffer, offset, length);
    } catch (RuntimeException | Error e) {
      throw died(sequence, e);
    }
    last = sequence;
    lastOfRun = sequence;
  }

  private void prepare(ModelPin model, long sequence) {
    try {
      engine.prepare(model);
    } catch (RuntimeException e) {
      throw new JournalException(
          "the model that inbound message "
              + sequence
              + " activates cannot be had: "
              + e.getMessage(),
          e);
    }
  }

  private static RuntimeException died(long sequence, Throwable e) {
    return e instanceof JournalException known ? known : new EngineDiedException(sequence, e);
  }

  @Override
  public void close() {
    inbound.close();
    outbound.close();
  }
}
