package io.semnal.server.warm;

import io.semnal.features.bar.BarFlagBits;
import io.semnal.feed.file.FileBar;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.HistoricalBarEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import java.nio.ByteOrder;
import java.util.Comparator;
import org.agrona.MutableDirectBuffer;

/**
 * A closed bar that warms up, wherever it was found.
 *
 * @param instrument position in the configuration, like {@code timeframe}
 * @param prices bid open, high, low, close, then the same of the ask; mantissas
 * @param ticks the volume; {@link MessageLayout#ABSENT} = not known
 * @param flags the schema's {@code BarFlags}
 */
record PastBar(
    int instrument,
    int timeframe,
    long openTime,
    long closeTime,
    long[] prices,
    long ticks,
    int flags) {
  private static final int FLAGS =
      MessageLayout.HEADER + HistoricalBarEncoder.flagsEncodingOffset();

  /** In time; of those that end together the longer ones first, as the features want them. */
  static final Comparator<PastBar> ORDER =
      Comparator.comparingLong(PastBar::closeTime)
          .thenComparing(Comparator.comparingInt(PastBar::timeframe).reversed())
          .thenComparingInt(PastBar::instrument);

  /** Where two bars have the same place, one of them goes. */
  record Place(int instrument, int timeframe, long openTime) {}

  Place place() {
    return new Place(instrument, timeframe, openTime);
  }

  /** Whether it may lack its beginning. */
  boolean isPartial() {
    return (flags & BarFlagBits.PARTIAL) != 0;
  }

  static PastBar of(FileBar bar, int timeframe) {
    return new PastBar(
        bar.instrument,
        timeframe,
        bar.openTime,
        bar.closeTime,
        new long[] {
          bar.bidOpen, bar.bidHigh, bar.bidLow, bar.bidClose,
          bar.askOpen, bar.askHigh, bar.askLow, bar.askClose
        },
        Double.isNaN(bar.volume) ? MessageLayout.ABSENT : Math.round(bar.volume),
        0);
  }

  static PastBar of(BarDecoder b, int instrument, int timeframe) {
    return new PastBar(
        instrument,
        timeframe,
        b.openTime(),
        b.closeTime(),
        new long[] {
          b.bidOpen(), b.bidHigh(), b.bidLow(), b.bidClose(),
          b.askOpen(), b.askHigh(), b.askLow(), b.askClose()
        },
        b.ticks(),
        b.flags().getRaw());
  }

  static PastBar of(HistoricalBarDecoder b, int instrument, int timeframe) {
    return new PastBar(
        instrument,
        timeframe,
        b.openTime(),
        b.closeTime(),
        new long[] {
          b.bidOpen(), b.bidHigh(), b.bidLow(), b.bidClose(),
          b.askOpen(), b.askHigh(), b.askLow(), b.askClose()
        },
        b.ticks(),
        b.flags().getRaw());
  }

  /**
   * Writes the message that the Ingress would take.
   *
   * @return its length
   */
  int encode(MutableDirectBuffer buffer, int instrumentId, int seconds) {
    HistoricalBarEncoder encoder =
        new HistoricalBarEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    encoder
        .journalSeq(0)
        .time(0)
        .openTime(openTime)
        .closeTime(closeTime)
        .instrumentId(instrumentId)
        .timeframe(seconds)
        .bidOpen(prices[0])
        .bidHigh(prices[1])
        .bidLow(prices[2])
        .bidClose(prices[3])
        .askOpen(prices[4])
        .askHigh(prices[5])
        .askLow(prices[6])
        .askClose(prices[7])
        .ticks(ticks);
    buffer.putShort(FLAGS, (short) flags, ByteOrder.LITTLE_ENDIAN);
    return MessageLayout.HEADER + encoder.encodedLength();
  }
}
