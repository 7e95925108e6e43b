package io.semnal.server.replay;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalException;
import io.semnal.journal.JournalState;
import io.semnal.journal.QueueReader;
import io.semnal.journal.ReplayRange;
import io.semnal.journal.RunInfo;
import io.semnal.protocol.MessageLayout;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * A part of a journal as it is offered to clients: within one epoch, under an epoch that no live
 * server ever has, so that a token of the one is refused by the other.
 *
 * @param firstOutSeq the first outbound message that the range causes
 * @param epoch what clients are told: {@link #EPOCHS} and a number that belongs to this journal
 */
public record ServedRange(ReplayRange range, long firstOutSeq, long epoch) {
  /** Live epochs count losses from 1 on; from here on they are replays. */
  public static final long EPOCHS = 1_000_000_000L;

  /**
   * @throws JournalException where the range is empty, or goes over a lost tail
   */
  public static ServedRange of(JournalDirectory journal, JournalState state, ReplayRange range) {
    long until = Math.min(range.until(), state.inbound().sequence());
    RunInfo first = null;
    for (int i = 0; i < state.runs().size(); i++) {
      RunInfo run = state.runs().get(i);
      if (state.runEnds().get(i) < range.from() || run.headerSeq() > until) {
        continue;
      }
      if (first == null) {
        first = run;
      } else if (run.epoch() != first.epoch()) {
        throw new JournalException(
            "epoch "
                + run.epoch()
                + " begins at inbound message "
                + run.headerSeq()
                + ": numbering goes on past lost messages there, so serve one epoch at a time, for"
                + " example --to "
                + (run.headerSeq() - 1));
      }
    }
    if (first == null) {
      throw new JournalException("there is nothing to serve from " + range.from() + " on");
    }
    // The first run of a pruned journal may have lost its beginning.
    long from = Math.max(range.from(), Math.max(first.headerSeq(), journal.floor().journalSeq()));
    if (from > until) {
      throw new JournalException("what lies before inbound message " + from + " was pruned");
    }
    long out =
        Math.max(
            journal.floor().outSeq(),
            Math.max(first.outSeqBefore() + 1, firstCausedBy(journal, range.from())));
    return new ServedRange(new ReplayRange(from, until), out, epoch(first));
  }

  /** The same for the same journal, so that a client can come back to a replay begun anew. */
  private static long epoch(RunInfo run) {
    CRC32 sum = new CRC32();
    sum.update(
        (run.epoch() + " " + run.wallTime() + " " + run.engineText())
            .getBytes(StandardCharsets.UTF_8));
    run.models().forEach(model -> sum.update(model.sha256()));
    return EPOCHS + sum.getValue() % EPOCHS;
  }

  /** By bisection over outbound: causes never decrease. */
  private static long firstCausedBy(JournalDirectory journal, long from) {
    try (QueueReader reader = journal.outboundReader()) {
      long low = Math.max(1, reader.oldest().sequence());
      long high = reader.head().sequence() + 1;
      long[] cause = {0};
      while (low < high) {
        long middle = (low + high) >>> 1;
        reader.seekToSequence(middle);
        reader.readNext((b, offset, n) -> cause[0] = MessageLayout.causeSeq(b, offset));
        if (cause[0] < from) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
