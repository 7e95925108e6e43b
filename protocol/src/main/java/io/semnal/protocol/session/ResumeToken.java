package io.semnal.protocol.session;

/**
 * Where a client left off, exclusive: it has seen {@code outSeq} of {@code epoch} and everything
 * before. Text form {@code epoch:outSeq}.
 */
public record ResumeToken(long epoch, long outSeq) {
  private static final long MOST_EPOCH = 0xFFFF_FFFEL;

  public ResumeToken {
    if (epoch < 0 || epoch > MOST_EPOCH || outSeq < 0) {
      throw new IllegalArgumentException(
          "a resume token is EPOCH:OUTSEQ, both from 0, not " + epoch + ":" + outSeq);
    }
  }

  /** Reads {@code 1:1234}; an {@link IllegalArgumentException} says what was expected. */
  public static ResumeToken parse(String text) {
    int colon = text.indexOf(':');
    try {
      return new ResumeToken(
          Long.parseLong(text.substring(0, Math.max(colon, 0))),
          Long.parseLong(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a resume token such as 1:1234 (EPOCH:OUTSEQ)", e);
    }
  }

  @Override
  public String toString() {
    return epoch + ":" + outSeq;
  }
}
