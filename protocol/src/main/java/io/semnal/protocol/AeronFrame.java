package io.semnal.protocol;

/**
 * What the reserved value of an Aeron frame says, beside the SBE message in it: which channels the
 * publication carries, and which message of the stream came before this one.
 *
 * <p>The channels are the upper 8 bits, as in the schema's {@code Channels}; the lower 56 are the
 * {@code outSeq} of the last message before this one that belongs to these channels, whether or not
 * it was sent. Definitions do not count.
 */
public final class AeronFrame {
  private static final int OUT_SEQ_BITS = 56;
  private static final long OUT_SEQ = (1L << OUT_SEQ_BITS) - 1;

  private AeronFrame() {}

  public static long reserved(int channels, long previousOutSeq) {
    return (long) channels << OUT_SEQ_BITS | previousOutSeq;
  }

  public static int channels(long reserved) {
    return (int) (reserved >>> OUT_SEQ_BITS);
  }

  public static long previousOutSeq(long reserved) {
    return reserved & OUT_SEQ;
  }
}
