package io.semnal.client;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * How far the server's clock is from this client's, as NTP estimates it: from the four times of a
 * question and its answer (RFC 5905, sections 8 and 10), with a bound on the error.
 *
 * <p>The client's clock is the wall clock at the start, carried on by the monotonic one: it never
 * jumps. The true offset is within the bound as long as the two clocks run apart by less than
 * {@link #DRIFT_PPM}, however unequal the ways there and back are. Nothing is clamped. One thread;
 * allocates nothing after its construction.
 */
public final class ServerClock {
  /** How fast two undisciplined clocks may run apart, parts per million (RFC 5905: PHI). */
  public static final int DRIFT_PPM = 15;

  private static final int SAMPLES = 8;
  private static final long MILLION = 1_000_000L;

  private final LongSupplier clock;
  private final long[] offsets = new long[SAMPLES];
  private final long[] delays = new long[SAMPLES];
  private final long[] times = new long[SAMPLES];
  private int count;
  private int refused;
  private int best = -1;

  ServerClock() {
    Instant now = Instant.now();
    long anchor = now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    clock = () -> anchor + System.nanoTime();
  }

  ServerClock(LongSupplier clock) {
    this.clock = clock;
  }

  /** This client's clock: nanoseconds since the epoch, never going back. */
  public long now() {
    return clock.getAsLong();
  }

  /** The clocks of another server have nothing to do with those of the one before. */
  void reset() {
    Arrays.fill(times, 0);
    count = 0;
    best = -1;
  }

  /**
   * Takes an answer.
   *
   * @param clientSend when the question was sent, client's clock
   * @param serverReceive when it arrived, server's clock
   * @param serverSend when the answer was sent, server's clock
   * @param clientReceive when it arrived, client's clock
   * @return whether the four times can be true
   */
  boolean onAnswer(long clientSend, long serverReceive, long serverSend, long clientReceive) {
    long delay = (clientReceive - clientSend) - (serverSend - serverReceive);
    if (clientReceive < clientSend || serverSend < serverReceive || delay < 0) {
      refused++;
      return false;
    }
    int at = count++ % SAMPLES;
    // The mean of two differences, without the overflow of their sum.
    long there = serverReceive - clientSend;
    long back = serverSend - clientReceive;
    offsets[at] = there / 2 + back / 2 + (there % 2 + back % 2) / 2;
    delays[at] = delay;
    times[at] = clientReceive;
    choose(clientReceive);
    return true;
  }

  private void choose(long now) {
    int filled = Math.min(count, SAMPLES);
    best = 0;
    for (int i = 1; i < filled; i++) {
      if (bound(i, now) < bound(best, now)) {
        best = i;
      }
    }
  }

  private long bound(int sample, long now) {
    long age = Math.max(0, now - times[sample]);
    // Half the delay, rounded up, and one for the offset's own rounding.
    return (delays[sample] + 1) / 2 + 1 + age / MILLION * DRIFT_PPM;
  }

  /** Whether anything is known. */
  public boolean isKnown() {
    return best >= 0;
  }

  /** Nanoseconds to add to the client's clock to get the server's; 0 where nothing is known. */
  public long offset() {
    return best < 0 ? 0 : offsets[best];
  }

  /** How far {@link #offset} can be from the truth at that time; largest where nothing is known. */
  public long errorBound(long clientTime) {
    return best < 0 ? Long.MAX_VALUE : bound(best, clientTime);
  }

  /** The way there and back of the sample in use; half of it is the estimate of one way. */
  public long roundTrip() {
    return best < 0 ? 0 : delays[best];
  }

  /** A time of the client's clock, by the server's. */
  public long toServer(long clientTime) {
    return clientTime + offset();
  }

  /** Answers taken. */
  public int samples() {
    return count;
  }

  /** Answers whose times cannot be true, for example because the server's clock was set back. */
  public int refused() {
    return refused;
  }
}
