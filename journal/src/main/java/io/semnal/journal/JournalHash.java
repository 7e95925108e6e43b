package io.semnal.journal;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.RunHeaderEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * SHA-256 over the bytes of messages, one after the other, with the one field left out that holds a
 * wall clock: the start of a run in its header counts as 0. Two journals of the same inputs have
 * the same hashes.
 */
public final class JournalHash implements MessageHandler {
  private static final int WALL_TIME =
      MessageLayout.HEADER + RunHeaderEncoder.wallTimeEncodingOffset();

  private final MessageDigest digest;
  private byte[] bytes = new byte[1024];
  private long messages;

  public JournalHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Of the inbound messages of a range. */
  public static JournalHash ofInbound(JournalDirectory journal, ReplayRange range) {
    JournalHash hash = new JournalHash();
    try (QueueReader reader = journal.inboundReader()) {
      long[] at = {range.from() - 1};
      boolean more = reader.seekToSequence(range.from());
      while (more && at[0] < range.until()) {
        more =
            reader.readNext(
                (buffer, offset, length) -> {
                  at[0] = Side.INBOUND.sequence(buffer, offset);
                  if (at[0] <= range.until()) {
                    hash.onMessage(buffer, offset, length);
                  }
                });
      }
    }
    return hash;
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) {
    if (length > bytes.length) {
      bytes = new byte[2 * length];
    }
    buffer.getBytes(offset, bytes, 0, length);
    if (RunHeaders.isHeader(buffer, offset)) {
      new UnsafeBuffer(bytes).putLong(WALL_TIME, 0);
    }
    digest.update(bytes, 0, length);
    messages++;
  }

  /** Messages so far. */
  public long messages() {
    return messages;
  }

  /** The hash in hex; ends the calculation. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
