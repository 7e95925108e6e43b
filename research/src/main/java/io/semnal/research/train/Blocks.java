package io.semnal.research.train;

import io.semnal.research.learn.Rows;
import io.semnal.research.sample.Samples;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The samples, cut for training: development rows to search and fit on, and a later block that is
 * looked at once.
 *
 * @param development labelled rows whose label was decided before the held-out block began
 * @param heldOut positions in the samples
 * @param border UTC nanoseconds at which the held-out block begins
 */
public record Blocks(Rows development, int[] heldOut, long border) {
  /**
   * @param withMissing whether rows with missing values count
   * @param embargo nanoseconds between the border and the first held-out row
   * @throws IllegalArgumentException where there are too few rows
   */
  public static Blocks of(Samples samples, boolean withMissing, Protocol protocol, long embargo) {
    if (samples.size() == 0) {
      throw new IllegalArgumentException(
          "the data gave no row: no bar came after every column was warm while the market was"
              + " open; more data, or columns with shorter memory, would");
    }
    long border = samples.time((int) (samples.size() * (1.0 - protocol.heldOut())));
    boolean[] chosen = strided(samples, withMissing, protocol.stride());
    Rows development =
        samples.rows(i -> chosen[i] && samples.time(i) < border && samples.labelEnd(i) < border);
    int[] heldOut =
        IntStream.range(0, samples.size())
            .filter(i -> samples.time(i) >= border + embargo)
            .filter(i -> withMissing || samples.isComplete(i))
            .toArray();
    if (development.size() < 200 || heldOut.length < 50) {
      throw new IllegalArgumentException(
          "the data gave "
              + development.size()
              + " rows to develop on and "
              + heldOut.length
              + " to judge by, too few to learn from");
    }
    return new Blocks(development, heldOut, border);
  }

  private static boolean[] strided(Samples samples, boolean withMissing, int stride) {
    boolean[] chosen = new boolean[samples.size()];
    int[] since = new int[samples.instruments().size()];
    Arrays.fill(since, stride);
    for (int i = 0; i < chosen.length; i++) {
      int place = samples.place(i);
      since[place]++;
      if (since[place] >= stride && (withMissing || samples.isComplete(i))) {
        chosen[i] = true;
        since[place] = 0;
      }
    }
    return chosen;
  }
}
