package io.semnal.journal;

import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets no message of a queue pass that is not what was written, as far as checksums reach. */
final class MessageCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MessageCheck.class);

  private final JournalQueue source;
  private final RollCycle roll;
  private final SumReader sums = new SumReader();
  private long checked;
  private long withoutSum;

  /** What the readers of a queue in this process met, once they are closed; any thread. */
  static final class Counts {
    private final AtomicLong checked = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();
    private final AtomicLong withoutSum = new AtomicLong();
    private final AtomicLong badSums = new AtomicLong();

    /** Messages that are what was written. */
    long checked() {
      return checked.get();
    }

    /** Messages that were refused; counted at once, each time. */
    long damaged() {
      return damaged.get();
    }

    /** Messages that have no checksum. */
    long withoutSum() {
      return withoutSum.get();
    }

    /** Messages whose checksum was damaged; counted at once, each time. */
    long badSums() {
      return badSums.get();
    }
  }

  MessageCheck(JournalQueue source) {
    this.source = source;
    roll = source.queue().rollCycle();
  }

  /**
   * @param index of the record
   * @throws DamagedMessageException naming the place
   */
  void require(ExcerptTailer tailer, long index, DirectBuffer message, int length) {
    long record = roll.toSequenceNumber(index);
    int cycle = roll.toCycle(index);
    switch (sums.check(tailer, cycle, record, message, length)) {
      case SAME -> checked++;
      case NO_SUM -> withoutSum++;
      case BAD_SUM -> badSum(record);
      case DIFFERS -> throw damaged(tailer, record, message);
    }
  }

  /** The reader was at the end, or goes elsewhere. */
  void lookAnew() {
    sums.lookAnew();
  }

  private void badSum(long record) {
    withoutSum++;
    if (source.counts().badSums.getAndIncrement() == 0) {
      LOG.warn(
          "{}: the checksum of record {} is damaged, the message passes without; see"
              + " 'semnal journal verify'",
          sums.path(),
          record);
    }
  }

  private DamagedMessageException damaged(ExcerptTailer tailer, long record, DirectBuffer message) {
    source.counts().damaged.getAndIncrement();
    Side side = source.side();
    DamagedMessageException refusal =
        new DamagedMessageException(
            "%s message %d is not what was written: checksum %08x instead of %08x, at %s, record %d; 'semnal journal verify' says what else is damaged, 'semnal journal salvage --to DIR' copies what is sound"
                .formatted(
                    side.folder(),
                    side.sequence(message, 0),
                    sums.found(),
                    sums.expected(),
                    tailer.currentFile(),
                    record));
    LOG.error("DAMAGED: {}", refusal.getMessage());
    return refusal;
  }

  /** Closes what only looked for a place: it read nothing. */
  void release() {
    sums.close();
  }

  @Override
  public void close() {
    source.counts().checked.addAndGet(checked);
    source.counts().withoutSum.addAndGet(withoutSum);
    checked = 0;
    withoutSum = 0;
    sums.close();
  }
}
