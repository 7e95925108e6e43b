package io.semnal.journal;

import io.semnal.core.state.StateReader;
import io.semnal.core.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Where everything stood behind one inbound message: what the journal said about itself, and the
 * engine's state. A file of its own, whose checksum is looked at before anything in it is believed.
 *
 * @param build that made it
 * @param runId the run that it lies in
 * @param epoch of that run
 * @param engineHash SHA-256 of the run's configuration
 * @param journalSeq the last inbound message that is in it
 * @param outSeq the last outbound message that is in it
 * @param time engine time of the inbound message
 * @param wallTime when it was made, nanoseconds
 * @param bootId of the machine at that time; empty = not known
 * @param inboundSum checksum of inbound message {@code journalSeq}
 * @param outboundSum checksum of outbound message {@code outSeq}
 * @param quarantined inbound messages up to {@code journalSeq} that the engine was not given
 * @param journalBytes what a {@link JournalScan} goes on from
 * @param engineBytes what {@code Engine.state} wrote
 */
record Snapshot(
    String build,
    long runId,
    int epoch,
    byte[] engineHash,
    long journalSeq,
    long outSeq,
    long time,
    long wallTime,
    String bootId,
    long inboundSum,
    long outboundSum,
    long[] quarantined,
    byte[] journalBytes,
    byte[] engineBytes) {
  /** Of the file; another number is another layout. */
  static final int VERSION = 1;

  private static final byte[] MAGIC = "semnsnap".getBytes(StandardCharsets.US_ASCII);
  private static final int SUM_BYTES = 32;

  /** The content of its file. */
  byte[] encode() {
    StateWriter w = new StateWriter();
    w.section("snapshot");
    w.of(build);
    w.of(runId);
    w.of(epoch);
    w.of(engineHash);
    w.of(journalSeq);
    w.of(outSeq);
    w.of(time);
    w.of(wallTime);
    w.of(bootId);
    w.of(inboundSum);
    w.of(outboundSum);
    w.of(quarantined.length);
    w.of(quarantined);
    w.of(journalBytes);
    w.of(engineBytes);
    byte[] body = w.toByteArray();
    byte[] file = new byte[MAGIC.length + Integer.BYTES + body.length + SUM_BYTES];
    System.arraycopy(MAGIC, 0, file, 0, MAGIC.length);
    for (int i = 0; i < Integer.BYTES; i++) {
      file[MAGIC.length + i] = (byte) (VERSION >>> (Byte.SIZE * i));
    }
    System.arraycopy(body, 0, file, MAGIC.length + Integer.BYTES, body.length);
    byte[] sum = sha256(file, file.length - SUM_BYTES);
    System.arraycopy(sum, 0, file, file.length - SUM_BYTES, SUM_BYTES);
    return file;
  }

  /**
   * @throws JournalException saying what is wrong with the file
   */
  static Snapshot decode(byte[] file) {
    int head = MAGIC.length + Integer.BYTES;
    if (file.length < head + SUM_BYTES
        || !Arrays.equals(MAGIC, 0, MAGIC.length, file, 0, MAGIC.length)) {
      throw new JournalException("it is no snapshot, or only the beginning of one");
    }
    int version = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      version |= (file[MAGIC.length + i] & 0xFF) << (Byte.SIZE * i);
    }
    if (version != VERSION) {
      throw new JournalException(
          "it has format " + version + "; this build reads format " + VERSION);
    }
    byte[] sum = sha256(file, file.length - SUM_BYTES);
    if (!Arrays.equals(sum, 0, SUM_BYTES, file, file.length - SUM_BYTES, file.length)) {
      throw new JournalException("its checksum is wrong");
    }
    try {
      StateReader r = new StateReader(Arrays.copyOfRange(file, head, file.length - SUM_BYTES));
      r.section("snapshot");
      Snapshot snapshot =
          new Snapshot(
              r.of((String) null),
              r.of(0L),
              r.of(0),
              r.of((byte[]) null),
              r.of(0L),
              r.of(0L),
              r.of(0L),
              r.of(0L),
              r.of((String) null),
              r.of(0L),
              r.of(0L),
              longs(r),
              r.of((byte[]) null),
              r.of((byte[]) null));
      r.requireEnd();
      return snapshot;
    } catch (RuntimeException e) {
      throw new JournalException("it cannot be read: " + e.getMessage(), e);
    }
  }

  private static long[] longs(StateReader r) {
    int count = r.of(0);
    if (count < 0 || count > 1_000_000) {
      throw new JournalException("a list of " + count + " messages in quarantine");
    }
    long[] values = new long[count];
    r.of(values);
    return values;
  }

  static byte[] sha256(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether it was made in this run, by its build and of its configuration. */
  boolean isOf(RunInfo run) {
    return runId == run.runId()
        && build.equals(run.build())
        && Arrays.equals(engineHash, hashOf(run.engineText()));
  }

  /** {@code engineHash} of a configuration. */
  static byte[] hashOf(String engineText) {
    byte[] bytes = engineText.getBytes(StandardCharsets.UTF_8);
    return sha256(bytes, bytes.length);
  }
}
