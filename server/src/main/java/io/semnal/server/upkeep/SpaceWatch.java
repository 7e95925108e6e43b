package io.semnal.server.upkeep;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.http.HealthCondition;
import io.semnal.journal.FreeSpace;
import io.semnal.journal.JournalException;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandEncoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees a disk fill up before the journal does: a write to a mapped file on a full disk ends the
 * process on the spot. Warns, then has new signals paused by a journaled command, then has the
 * server stopped in order, while there is still room for what an orderly end writes.
 *
 * <p>The pause holds, over restarts too, until an operator resumes: who else paused, and why, is
 * not this agent's to overrule.
 */
public final class SpaceWatch implements Agent {
  /** Who pauses, in the journal. */
  public static final String PRINCIPAL = "semnal";

  private static final Logger LOG = LoggerFactory.getLogger(SpaceWatch.class);
  private static final long INTERVAL = 100_000_000L;
  private static final long MIB = 1L << 20;

  private enum Level {
    AMPLE,
    LOW,
    PAUSED,
    STOPPED
  }

  private final FreeSpace space;
  private final RuntimeConfig.Journal.Space limits;
  private final InboundPort inbound;
  private final Consumer<String> stop;
  private final LongSupplier nanoTime;
  private Level level = Level.AMPLE;
  private long nextLook;
  private volatile long free;
  private volatile HealthCondition condition;

  /**
   * @param inbound takes the command to pause, from the agent's thread
   * @param stop has the server stopped in order, and told why
   */
  public SpaceWatch(
      FreeSpace space,
      RuntimeConfig.Journal.Space limits,
      InboundPort inbound,
      Consumer<String> stop,
      Metrics metrics,
      LongSupplier nanoTime) {
    this.space = space;
    this.limits = limits;
    this.inbound = inbound;
    this.stop = stop;
    this.nanoTime = nanoTime;
    free = space.bytes();
    nextLook = nanoTime.getAsLong();
    metrics.gauge("journal_disk_free_bytes", "Free space on the journal's disk", () -> free);
  }

  /**
   * Before anything of a journal is opened or made.
   *
   * @throws JournalException if there is less room than at which a server would stop
   */
  public static void requireRoom(Path journal, FreeSpace space, long stop) {
    long free = space.bytes();
    if (free < stop) {
      throw new JournalException(
          "the disk of "
              + journal
              + " has "
              + mib(free)
              + " free, less than journal.space.stop = "
              + mib(stop)
              + ": make room (semnal journal prune, compact), or lower the limit");
    }
  }

  @Override
  public int doWork() {
    long now = nanoTime.getAsLong();
    if (now - nextLook < 0) {
      return 0;
    }
    nextLook = now + INTERVAL;
    free = space.bytes();
    Level before = level;
    if (free < limits.stop()) {
      stop();
    } else if (free < limits.pause()) {
      pause();
    } else if (free < limits.warn()) {
      warn();
    } else if (level != Level.STOPPED) {
      level = Level.AMPLE;
    }
    condition = judged();
    return level == before ? 0 : 1;
  }

  private HealthCondition judged() {
    if (free >= limits.warn()) {
      return null;
    }
    boolean full = free < limits.pause();
    return new HealthCondition(
        full ? HealthCondition.Code.DISK_FULL : HealthCondition.Code.DISK_LOW,
        "the journal's disk has "
            + mib(free)
            + " free; below "
            + mib(full ? limits.stop() : limits.pause())
            + (full ? " the server stops" : " new signals are paused"));
  }

  /** What the disk keeps the server from; {@code null} = nothing. Any thread. */
  public HealthCondition condition() {
    return condition;
  }

  private void warn() {
    if (level == Level.AMPLE) {
      LOG.warn(
          "the journal's disk has {} free; below {} new signals are paused, below {} the server"
              + " stops",
          mib(free),
          mib(limits.pause()),
          mib(limits.stop()));
      level = Level.LOW;
    }
  }

  private void pause() {
    if (level == Level.AMPLE || level == Level.LOW) {
      String why = "the journal's disk has " + mib(free) + " free";
      if (inbound.offer(command, 0, encode(why))) {
        LOG.error("{}: new signals are paused until an operator resumes", why);
        level = Level.PAUSED;
      }
    }
  }

  private void stop() {
    if (level != Level.STOPPED) {
      level = Level.STOPPED;
      stop.accept(
          "the journal's disk has "
              + mib(free)
              + " free, less than journal.space.stop = "
              + mib(limits.stop())
              + ": stopped in order, nothing is lost; make room and start again");
    }
  }

  private final ExpandableArrayBuffer command = new ExpandableArrayBuffer();

  private int encode(String why) {
    EngineCommandEncoder encoder =
        new EngineCommandEncoder().wrapAndApplyHeader(command, 0, new MessageHeaderEncoder());
    encoder
        .journalSeq(0)
        .time(0)
        .requestId(0)
        .until(MessageLayout.ABSENT)
        .instrumentId(0)
        .strategyId(0)
        .command(EngineCommandType.PAUSE);
    byte[] principal = PRINCIPAL.getBytes(StandardCharsets.UTF_8);
    byte[] reason = why.getBytes(StandardCharsets.UTF_8);
    encoder.putPrincipal(principal, 0, principal.length).putReason(reason, 0, reason.length);
    return MessageLayout.HEADER + encoder.encodedLength();
  }

  private static String mib(long bytes) {
    return bytes / MIB + " MiB";
  }

  @Override
  public String roleName() {
    return "space-watch";
  }
}
