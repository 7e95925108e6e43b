package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.EngineFactory;
import io.semnal.core.ingress.MessageHandler;
import io.semnal.core.state.StateReader;
import io.semnal.core.state.StateWriter;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second engine that reads the inbound journal behind the first, holds every byte that it says
 * against what was published, and writes snapshots: a live proof of determinism, and the hot thread
 * never serialises state. A cold thread's duty; whatever becomes of it, the server goes on, and its
 * {@link #status} says so.
 */
public final class Follower implements Agent {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /** Messages a duty cycle. */
  private static final int BATCH = 256;

  /** Bytes said ahead of the journal beyond which the follower lets the first engine go on. */
  private static final int MOST_WAITING = 1 << 20;

  /** Of a snapshot's messages, the share after which a start is worth one at once. */
  private static final int FIRST_SHARE = 10;

  /** What the follower is about. */
  public enum State {
    STARTING,
    FOLLOWING,
    /** It said something else than what was published. */
    DIFFERS,
    /** It cannot go on, for another reason. */
    STOPPED
  }

  /**
   * When a snapshot is due: by time or by messages, whichever comes first.
   *
   * @param messages inbound messages since the last one
   * @param keep snapshots kept
   */
  public record Settings(Duration every, long messages, int keep) {}

  /**
   * How it stands with the follower.
   *
   * @param journalSeq last inbound message that it was given
   * @param outSeq last outbound message that it said alike
   * @param snapshotSeq the newest snapshot; 0 = none
   * @param problem what an operator should know, or {@code null}
   */
  public record Status(
      State state, long journalSeq, long outSeq, long snapshotSeq, String problem) {}

  private final JournalDirectory journal;
  private final EngineFactory factory;
  private final RunInfo run;
  private final Settings settings;
  private final LongSupplier nanoTime;
  private final Quarantine quarantine;
  private final JournalFold fold = new JournalFold();
  private final QueueReader inbound;
  private final QueueReader outbound;
  private final FollowingSink sink;
  private final MessageHandler handler = this::onInbound;
  private final long startSeq;
  private final long startOutSeq;
  private byte[] startState;
  private Engine engine;
  private long snapshotNanos;
  private volatile State state = State.STARTING;
  private volatile long journalSeq;
  private volatile long outSeq;
  private volatile long snapshotSeq;
  private volatile long snapshots;
  private volatile String problem;

  private Follower(
      JournalDirectory journal,
      EngineFactory factory,
      EngineStart start,
      long startSeq,
      long startOutSeq,
      JournalState found,
      Settings settings,
      LongSupplier nanoTime) {
    this.journal = journal;
    this.factory = factory;
    this.settings = settings;
    this.nanoTime = nanoTime;
    run = start.run();
    quarantine = Quarantine.of(journal);
    this.startSeq = startSeq;
    this.startOutSeq = startOutSeq;
    StateWriter writer = new StateWriter();
    start.engine().state(writer);
    startState = writer.toByteArray();
    StateReader reader = new StateReader(found.resumable());
    fold.state(reader);
    reader.requireEnd();
    inbound = journal.inboundReader();
    outbound = journal.rawOutboundReader();
    sink = new FollowingSink(outbound, fold);
    snapshotNanos = nanoTime.getAsLong();
    fold.readsFrom(inbound::place);
    journalSeq = startSeq;
    outSeq = startOutSeq;
    snapshotSeq = start.snapshotSeq();
  }

  /**
   * A follower of an engine that is about to go live; its state is taken now. Starting thread.
   *
   * @param start how the engine came to the journal's end
   * @param journalSeq the last message that it was given since
   * @param outSeq the last message that it said
   * @param found the journal's state as recovery found it
   * @param nanoTime by which snapshots are due, not more
   */
  public static Follower of(
      JournalDirectory journal,
      EngineFactory factory,
      EngineStart start,
      long journalSeq,
      long outSeq,
      JournalState found,
      Settings settings,
      LongSupplier nanoTime) {
    return new Follower(journal, factory, start, journalSeq, outSeq, found, settings, nanoTime);
  }

  /** Any thread. */
  public Status status() {
    return new Status(state, journalSeq, outSeq, snapshotSeq, problem);
  }

  /** Last inbound message that it was given. Any thread. */
  public long journalSeq() {
    return journalSeq;
  }

  /** Snapshots written. Any thread. */
  public long snapshots() {
    return snapshots;
  }

  @Override
  public int doWork() {
    if (state == State.DIFFERS || state == State.STOPPED) {
      return 0;
    }
    try {
      return state == State.STARTING ? start() : follow();
    } catch (RuntimeException | Error e) {
      // The server's signals do not depend on this.
      problem = "the follower stopped: " + e.getMessage();
      state = State.STOPPED;
      LOG.error("the follower stops until the next start; no more snapshots are written", e);
      return 0;
    }
  }

  /** Reads what the start has appended, and makes the engine. */
  private int start() {
    if (engine == null) {
      engine = factory.create(run.engineText(), run.models(), sink);
      StateReader reader = new StateReader(startState);
      engine.state(reader);
      reader.requireEnd();
      startState = null;
      inbound.seekToSequence(fold.journalSeq() + 1);
      outbound.seekToSequence(fold.outSeq() + 1);
    }
    int work = 0;
    while (work < BATCH && fold.outSeq() < startOutSeq && outbound.readNext(fold::onOutbound)) {
      work++;
    }
    while (work < BATCH && fold.journalSeq() < startSeq && inbound.readNext(fold::onInbound)) {
      work++;
    }
    requireSound();
    if (fold.journalSeq() == startSeq && fold.outSeq() == startOutSeq) {
      state = State.FOLLOWING;
      boolean isFar = startSeq - snapshotSeq >= settings.messages() / FIRST_SHARE;
      if (settings.keep() > 0 && (isFar || snapshotSeq == 0)) {
        snapshot();
      }
      return 1;
    }
    return work;
  }

  private void requireSound() {
    List<String> faults = fold.faults();
    if (!faults.isEmpty()) {
      throw new CorruptJournalException(faults.getFirst());
    }
  }

  private int follow() {
    int work = sink.settle();
    int read = 0;
    while (read < BATCH
        && sink.waiting() < MOST_WAITING
        && sink.difference() == null
        && inbound.readNext(handler)) {
      read++;
    }
    requireSound();
    if (sink.difference() != null) {
      differs(sink.difference().toString());
      return work;
    }
    journalSeq = fold.journalSeq();
    outSeq = fold.outSeq();
    if (isSnapshotDue()) {
      snapshot();
    }
    return work + read;
  }

  private void onInbound(DirectBuffer buffer, int offset, int length) {
    fold.onInbound(buffer, offset, length);
    requireSound();
    long sequence = fold.journalSeq();
    if (RunHeaders.isHeader(buffer, offset)) {
      throw new JournalException("another run begins at " + sequence);
    }
    if (quarantine.contains(sequence)) {
      return;
    }
    try {
      if (MessageLayout.templateId(buffer, offset) == ModelActivationDecoder.TEMPLATE_ID) {
        engine.prepare(ModelActivations.decode(buffer, offset));
      }
      engine.onMessage(buffer, offset, length);
    } catch (RuntimeException | Error e) {
      throw new EngineDiedException(sequence, e);
    }
  }

  private boolean isSnapshotDue() {
    long since = fold.journalSeq() - snapshotSeq;
    return since > 0
        && settings.keep() > 0
        && sink.waiting() == 0
        && (since >= settings.messages()
            || nanoTime.getAsLong() - snapshotNanos >= settings.every().toNanos());
  }

  private void snapshot() {
    snapshotNanos = nanoTime.getAsLong();
    String unsaid = publishedButNotSaid();
    if (unsaid != null) {
      differs(unsaid);
      return;
    }
    try {
      int bytes = Snapshots.write(journal, fold.conclude(), engine, quarantine, settings.keep());
      snapshots = snapshots + 1;
      snapshotSeq = fold.journalSeq();
      problem = null;
      LOG.debug("snapshot at {}, {} bytes", fold.journalSeq(), bytes);
    } catch (JournalException e) {
      // A full disk may have room again when the next one is due.
      problem = "no snapshot could be written: " + e.getMessage();
      LOG.warn("no snapshot at {}: {}", fold.journalSeq(), e.getMessage());
    }
  }

  /** What stands in the journal of a cause that the follower is done with, or {@code null}. */
  private String publishedButNotSaid() {
    String[] found = {null};
    try (QueueReader reader = journal.outboundReader()) {
      if (reader.seekToSequence(fold.outSeq() + 1)) {
        reader.readNext(
            (buffer, offset, length) -> {
              if (MessageLayout.causeSeq(buffer, offset) <= fold.journalSeq()) {
                found[0] =
                    "outbound message "
                        + MessageLayout.outSeq(buffer, offset)
                        + " stands in the journal, but the follower does not say it";
              }
            });
      }
    }
    return found[0];
  }

  private void differs(String how) {
    problem = "the follower computes something else than was published: " + how;
    state = State.DIFFERS;
    LOG.error(
        "DETERMINISM IS BROKEN: {}; no more snapshots are written, and a restart will refuse to go"
            + " on in this run",
        how);
  }

  @Override
  public void onClose() {
    inbound.close();
    sink.close();
    if (engine != null) {
      Engines.close(engine);
      engine = null;
    }
  }

  @Override
  public String roleName() {
    return "follower";
  }
}
