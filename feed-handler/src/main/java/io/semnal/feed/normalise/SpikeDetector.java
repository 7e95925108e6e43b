package io.semnal.feed.normalise;

/**
 * Says whether a mid lies too far from the recent ones of its instrument: further than so many
 * deviations from an exponentially weighted mean. The deviation is the root of the weighted mean
 * square distance from that mean, and at least half the weighted spread and a hundred-thousandth of
 * the price, so that the first move after a still stretch is no spike.
 *
 * <p>A far quote counts as if it lay at the limit. A single wrong print therefore hardly moves the
 * estimate, while a level that lasts is taken as the market's after a few quotes. After a pause the
 * estimate begins anew. A function of the quotes alone; one thread; allocates nothing.
 */
final class SpikeDetector {
  /** Quotes before the first verdict. */
  static final int WARM_UP = 32;

  /** A silence of the instrument after which nothing is recent, nanoseconds of event time. */
  static final long PAUSE = 600_000_000_000L;

  private static final double WEIGHT = 1.0 / 64;
  private static final double LEAST_DEVIATION = 1e-5;

  private final double sigmas;
  private double mean;
  private double meanSquare;
  private double spread;
  private int count;
  private long lastTime;

  SpikeDetector(double sigmas) {
    this.sigmas = sigmas;
  }

  /** Judges a quote by the ones before it, then takes it in. */
  boolean onQuote(long eventTime, long bid, long ask) {
    double mid = 0.5 * ((double) bid + (double) ask);
    double width = Math.abs((double) ask - (double) bid);
    if (count == 0 || eventTime - lastTime > PAUSE) {
      begin(eventTime, mid, width);
      return false;
    }
    lastTime = Math.max(lastTime, eventTime);
    double limit = sigmas * deviation(mid);
    double distance = mid - mean;
    boolean warm = count >= WARM_UP;
    boolean far = warm && Math.abs(distance) > limit;
    double taken = far ? Math.copySign(limit, distance) : distance;
    // while young, the weight is that of a plain average
    double weight = warm ? WEIGHT : Math.max(WEIGHT, 1.0 / (count + 1));
    mean += weight * taken;
    meanSquare += weight * (taken * taken - meanSquare);
    if (!far) {
      spread += weight * (width - spread);
    }
    if (!warm) {
      count++;
    }
    return far;
  }

  private double deviation(double mid) {
    double floor = Math.max(0.5 * spread, LEAST_DEVIATION * Math.min(mid, mean));
    return Math.max(Math.sqrt(meanSquare), floor);
  }

  private void begin(long eventTime, double mid, double width) {
    lastTime = eventTime;
    mean = mid;
    meanSquare = 0;
    spread = width;
    count = 1;
  }
}
