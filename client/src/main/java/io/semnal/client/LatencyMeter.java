package io.semnal.client;

import io.semnal.protocol.Channel;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * How long after its cause a live message is here, by the server's clock, with the share of the
 * network and the possible error of the clocks told apart.
 *
 * <p>The cause's time is the quote's {@code eventTime}, as its source stamped it, and else (bar
 * closes by the clock, expiries) the engine's time when the message was due. A message that is here
 * before its cause shows that the source's clock is ahead, or is within the clock's error: both are
 * counted, and never made a zero. Replayed messages and those of a snapshot are not measured.
 * Nanoseconds. Read on the thread that polls; recording allocates nothing.
 */
public final class LatencyMeter {
  private static final long LONGEST = 3_600_000_000_000L;
  private static final int DIGITS = 3;
  private static final double MICRO = 1_000.0;

  private final ServerClock clock;
  private final Histogram[] byChannel = new Histogram[Channel.values().length];
  private final Histogram due = histogram();
  private final Histogram transit = histogram();
  private final Histogram clockError = histogram();
  private long ahead;
  private long furthestAhead;
  private long withinError;
  private long beyond;
  private long unknown;

  LatencyMeter(ServerClock clock) {
    this.clock = clock;
    for (int i = 0; i < byChannel.length; i++) {
      byChannel[i] = histogram();
    }
  }

  private static Histogram histogram() {
    return new Histogram(LONGEST, DIGITS);
  }

  /** A live message is here. */
  void record(int channel, long cause, boolean isDue, long receivedAt) {
    if (!clock.isKnown()) {
      unknown++;
      return;
    }
    long latency = clock.toServer(receivedAt) - cause;
    long error = clock.errorBound(receivedAt);
    if (latency < 0) {
      withinError += latency >= -error ? 1 : 0;
      ahead += latency < -error ? 1 : 0;
      furthestAhead = Math.max(furthestAhead, -latency);
    } else if (latency > LONGEST) {
      beyond++;
    } else {
      (isDue ? due : byChannel[channel]).recordValue(latency);
    }
    clockError.recordValue(Math.min(error, LONGEST));
  }

  /** The server's clock was told. */
  void onTimeSync(long roundTrip) {
    transit.recordValue(Math.min(roundTrip / 2, LONGEST));
  }

  /** From the quote that caused a message of this channel to its arrival. The meter's own. */
  public Histogram sinceQuote(Channel channel) {
    return byChannel[channel.ordinal()];
  }

  /** From the time when a message was due that no quote caused, to its arrival. The meter's own. */
  public Histogram sinceDue() {
    return due;
  }

  /** Half of each round trip: the estimate of the way from the server to here. The meter's own. */
  public Histogram transit() {
    return transit;
  }

  /** By how much each measurement can be wrong, either way. The meter's own. */
  public Histogram clockError() {
    return clockError;
  }

  /** Messages that were here before their cause, by more than the clocks' error. */
  public long ahead() {
    return ahead;
  }

  /** Messages that seem to have been here before their cause, by less than the clocks' error. */
  public long aheadWithinError() {
    return withinError;
  }

  /** The most by which a message was here before its cause. */
  public long furthestAhead() {
    return furthestAhead;
  }

  /** Messages more than an hour after their cause, which no histogram holds. */
  public long beyondAnHour() {
    return beyond;
  }

  /** Messages that came before anything was known of the server's clock. */
  public long withoutClock() {
    return unknown;
  }

  /** A few lines for people, microseconds. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    for (Channel channel : Channel.values()) {
      line(text, "quote to " + channel.wireName() + " here", sinceQuote(channel));
    }
    line(text, "due time to message here", due);
    line(text, "of that, from server to here (half a round trip)", transit);
    line(text, "clocks' error, either way", clockError);
    if (ahead + withinError + beyond + unknown > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "not in the figures: %d here before their cause (%d within the clocks' error, at most"
                  + " %.1f us), %d more than an hour old, %d before the clock was known%n",
              ahead + withinError,
              withinError,
              furthestAhead / MICRO,
              beyond,
              unknown));
    }
    if (clock.isKnown()) {
      text.append(
          String.format(
              Locale.ROOT,
              "server's clock minus this one: %.1f us, %d answers, %d refused%n",
              clock.offset() / MICRO,
              clock.samples(),
              clock.refused()));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String what, Histogram histogram) {
    if (histogram.getTotalCount() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s: p50 %.1f  p99 %.1f  p99.9 %.1f  max %.1f us over %d%n",
              what,
              histogram.getValueAtPercentile(50) / MICRO,
              histogram.getValueAtPercentile(99) / MICRO,
              histogram.getValueAtPercentile(99.9) / MICRO,
              histogram.getMaxValue() / MICRO,
              histogram.getTotalCount()));
    }
  }
}
