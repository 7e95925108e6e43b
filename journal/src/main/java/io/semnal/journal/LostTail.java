package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.DiscontinuityEncoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The {@code Discontinuity} that stands between two runs when inbound messages were lost whose
 * effects had been published, or when the journal is a copy and nobody knows what was published.
 * Recovery writes it, no engine does: it is the last message before the new run ({@code
 * outSeqBefore} counts it), and names the new run's header as its cause.
 */
final class LostTail {
  private static final String LOST = "inbound messages were lost";
  private static final String COPIED = "the journal goes on as a copy";

  private LostTail() {}

  /**
   * @param run the run that goes on past the lost messages
   * @param lastKept last {@code journalSeq} that is left of the run before
   * @param streamSeq of the message, in the status channel's general topic
   */
  static int encode(MutableDirectBuffer buffer, RunInfo run, long lastKept, long streamSeq) {
    DiscontinuityEncoder encoder =
        new DiscontinuityEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    encoder
        .outSeq(run.outSeqBefore())
        .causeSeq(run.headerSeq())
        .streamSeq(streamSeq)
        .time(run.time())
        .instrumentId(0)
        .timeframe(0)
        .strategyId(0)
        .epoch(run.epoch())
        .lostFrom(lastKept + 1)
        .lostTo(run.headerSeq() - 1)
        .reason(lastKept + 1 < run.headerSeq() ? LOST : COPIED);
    return MessageLayout.HEADER + encoder.encodedLength();
  }

  /** What is wrong with the message that should declare the loss, or {@code null}. */
  static String fault(DirectBuffer buffer, int offset, RunInfo run, long lastKept) {
    if (MessageLayout.templateId(buffer, offset) == DiscontinuityDecoder.TEMPLATE_ID) {
      DiscontinuityDecoder decoder =
          new DiscontinuityDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
      if (decoder.causeSeq() == run.headerSeq()
          && decoder.epoch() == run.epoch()
          && decoder.lostFrom() == lastKept + 1
          && decoder.lostTo() == run.headerSeq() - 1) {
        return null;
      }
    }
    return "outbound message "
        + run.outSeqBefore()
        + " should declare that inbound messages "
        + (lastKept + 1)
        + " to "
        + (run.headerSeq() - 1)
        + " were lost";
  }
}
