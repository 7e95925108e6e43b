package io.semnal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;

/**
 * Copies what is sound of a damaged journal into a new one, which a start then goes on from in
 * another epoch. The damaged one is only read.
 */
public final class Salvage {
  private final JournalDirectory from;
  private final JournalDirectory to;
  private final Progress progress;
  private JournalFold fold;
  private String fault;
  private long lastInbound;
  private long lastOutbound;

  private Salvage(JournalDirectory from, JournalDirectory to, Progress progress) {
    this.from = from;
    this.to = to;
    this.progress = progress;
  }

  /**
   * How far each queue was copied.
   *
   * @param inboundFault why it ends there; {@code null} = at the queue's end
   * @param outboundFault likewise
   */
  public record Result(long journalSeq, String inboundFault, long outSeq, String outboundFault) {}

  /**
   * Copies both queues up to their first fault, the models and the quarantine. No snapshots: the
   * start that follows compares everything that the last run said.
   *
   * @param inboundBefore first {@code journalSeq} to leave out; {@link Long#MAX_VALUE} = none
   * @param outboundBefore first {@code outSeq} to leave out, such as one that a start named as
   *     differing: what is left out is said again
   * @throws JournalException if there is something at {@code target}, the damaged journal was
   *     pruned, or nothing of inbound is sound
   */
  public static Result copy(
      JournalDirectory damaged,
      Path target,
      long inboundBefore,
      long outboundBefore,
      Progress progress) {
    if (Files.exists(target)) {
      throw new JournalException(target + " is there already");
    }
    if (!damaged.floor().equals(Floor.NONE)) {
      throw new JournalException(
          damaged.path()
              + " was pruned: what its runs stand on cannot be copied; restore a backup");
    }
    String roll = JournalFormat.read(damaged.path()).rollCycle();
    try (JournalDirectory to = JournalDirectory.open(target, roll)) {
      copyFiles(damaged.path(), target);
      Salvage salvage = new Salvage(damaged, to, progress);
      String inbound = salvage.copy(Side.INBOUND, inboundBefore);
      if (salvage.lastInbound == 0) {
        throw new CorruptJournalException(
            "nothing of inbound is sound (" + inbound + "); restore it from a backup");
      }
      String outbound = salvage.copy(Side.OUTBOUND, outboundBefore);
      to.sums().begin();
      return new Result(salvage.lastInbound, inbound, salvage.lastOutbound, outbound);
    }
  }

  private static void copyFiles(Path from, Path to) {
    try {
      Path quarantine = from.resolve("quarantine");
      if (Files.exists(quarantine)) {
        Files.copy(quarantine, to.resolve("quarantine"));
      }
      try (Stream<Path> models = Files.walk(from.resolve("models"))) {
        for (Path file : models.toList()) {
          Path target = to.resolve("models").resolve(from.resolve("models").relativize(file));
          if (Files.isDirectory(file)) {
            Files.createDirectories(target);
          } else {
            Files.copy(file, target);
          }
        }
      }
    } catch (IOException e) {
      throw new JournalException("cannot copy models and quarantine to " + to + ": " + e, e);
    }
  }

  /** Copies one queue; why it ended before the end, or {@code null}. */
  private String copy(Side side, long before) {
    fault = null;
    fold = new JournalFold();
    try (QueueReader reader = side == Side.INBOUND ? from.inboundReader() : from.outboundReader()) {
      fold.readsFrom(reader::place);
      long head = head(reader);
      String task = "copying " + side.folder();
      long done = 0;
      while (fault == null && reader.readNext((b, o, n) -> pass(side, before, b, o, n))) {
        if ((++done & (Progress.EVERY - 1)) == 0) {
          progress.at(task, done, head);
        }
      }
      long last = side == Side.INBOUND ? lastInbound : lastOutbound;
      if (fault == null && last < head) {
        fault = side.folder() + " cannot be read behind " + last + ", at " + reader.place();
      }
    } catch (CorruptJournalException e) {
      fault = e.getMessage();
    }
    return fault;
  }

  /** 0 where the search for it meets the damage: then only reading shows where the end is. */
  private static long head(QueueReader reader) {
    try {
      return reader.head().sequence();
    } catch (CorruptJournalException e) {
      return 0;
    }
  }

  private void pass(Side side, long before, DirectBuffer buffer, int offset, int length) {
    boolean isInbound = side == Side.INBOUND;
    long sequence = side.sequence(buffer, offset);
    if (sequence >= before) {
      fault = side.folder() + " message " + sequence + " is left out, as asked";
      return;
    }
    try {
      if (isInbound) {
        fold.onInbound(buffer, offset, length);
      } else {
        fold.onOutbound(buffer, offset, length);
      }
    } catch (RuntimeException e) {
      fault = side.folder() + " message " + sequence + " cannot be decoded: " + e.getMessage();
      return;
    }
    if (fold.faults().isEmpty()) {
      (isInbound ? to.inboundLog() : to.outboundLog()).append(buffer, offset, length);
      copied(side, sequence);
    } else {
      fault = fold.faults().getFirst();
    }
  }

  private void copied(Side side, long sequence) {
    if (side == Side.INBOUND) {
      lastInbound = sequence;
    } else {
      lastOutbound = sequence;
    }
  }
}
