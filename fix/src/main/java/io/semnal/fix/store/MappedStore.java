package io.semnal.fix.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps numbers and messages in a memory-mapped file of fixed size, so that they outlive a killed
 * process: what was appended before the kill is there, a record half written is not.
 *
 * <p>The file is a page of numbers and a {@link MessageRing}. A message is written before the
 * numbers that make it part of the ring, each of which is one aligned word; a reset is marked
 * before it begins and done again if it did not end. A power cut may lose what the operating system
 * had not written back; what is torn then is found by its checksum, and takes what follows it
 * along. An exclusive lock keeps a second process out. One thread.
 */
public final class MappedStore implements MessageStore {
  private static final long MAGIC = 0x53454d4649583031L; // SEMFIX01
  private static final int PAGE = 4096;
  private static final int MAGIC_AT = 0;
  private static final int CAPACITY_AT = 8;
  private static final int OUTBOUND_AT = 64;
  private static final int INBOUND_AT = 128;
  private static final int TAIL_AT = 192;
  private static final int HEAD_AT = 200;
  private static final int CREATED_AT = 208;
  private static final int RESETTING_AT = 216;
  private static final int RESET_TIME_AT = 224;

  private final FileChannel channel;
  private final FileLock lock;
  private final MappedByteBuffer mapped;
  private final UnsafeBuffer page;
  private final UnsafeBuffer ringBytes;
  private final MessageRing ring;

  /**
   * Opens the file, or makes it, with all its bytes taken up on the disk.
   *
   * @param capacity bytes of messages kept, a power of two; an existing file's stays as it is
   */
  public static MappedStore open(Path file, int capacity) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      return new MappedStore(file, capacity);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the FIX message store " + file, e);
    }
  }

  private MappedStore(Path file, int capacity) throws IOException {
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock = lock(file);
      boolean fresh = channel.size() < PAGE || !isMade();
      int size = fresh ? capacity : storedCapacity(file);
      if (fresh) {
        fill(PAGE + size);
      }
      mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, PAGE + (long) size);
      page = new UnsafeBuffer(mapped, 0, PAGE);
      ringBytes = new UnsafeBuffer(mapped, PAGE, size);
      ring = new MessageRing(ringBytes);
      if (fresh) {
        make(size);
      } else {
        recover();
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private FileLock lock(Path file) throws IOException {
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      throw new IOException(file + " is in use by another session");
    }
    return held;
  }

  private boolean isMade() throws IOException {
    return word(MAGIC_AT) == MAGIC;
  }

  private int storedCapacity(Path file) throws IOException {
    long size = word(CAPACITY_AT);
    if (size != channel.size() - PAGE) {
      throw new IOException(file + " is not as long as it says: it was cut or is not ours");
    }
    return (int) size;
  }

  private long word(int offset) throws IOException {
    ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    channel.read(word, offset);
    return word.getLong(0);
  }

  /** Writes zeros, so that no page lacks its place on the disk when it is first written to. */
  private void fill(long size) throws IOException {
    channel.truncate(0);
    ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
    for (long at = 0; at < size; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
      channel.write(zeros, at);
    }
  }

  private void make(int size) {
    page.putLong(CAPACITY_AT, size);
    page.putLong(OUTBOUND_AT, 1);
    page.putLong(INBOUND_AT, 1);
    page.putLongRelease(MAGIC_AT, MAGIC);
  }

  private void recover() {
    if (page.getLong(RESETTING_AT) != 0) {
      reset(page.getLong(RESET_TIME_AT));
      return;
    }
    long last = ring.recover(page.getLong(TAIL_AT), page.getLong(HEAD_AT));
    page.putLongRelease(HEAD_AT, ring.head());
    if (last >= nextOutbound()) {
      nextOutbound(last + 1);
    }
  }

  @Override
  public long nextOutbound() {
    return page.getLong(OUTBOUND_AT);
  }

  @Override
  public void nextOutbound(long seq) {
    page.putLongRelease(OUTBOUND_AT, seq);
  }

  @Override
  public long nextInbound() {
    return page.getLong(INBOUND_AT);
  }

  @Override
  public void nextInbound(long seq) {
    page.putLongRelease(INBOUND_AT, seq);
  }

  @Override
  public void append(long seq, DirectBuffer message, int offset, int length) {
    if (ring.makeRoom(length)) {
      page.putLongRelease(TAIL_AT, ring.tail());
      ring.append(seq, message, offset, length);
      page.putLongRelease(HEAD_AT, ring.head());
    }
  }

  @Override
  public int read(long seq, MutableDirectBuffer to) {
    return ring.read(seq, to);
  }

  @Override
  public long created() {
    return page.getLong(CREATED_AT);
  }

  @Override
  public void reset(long now) {
    page.putLong(RESET_TIME_AT, now);
    page.putLongRelease(RESETTING_AT, 1);
    ring.clear();
    page.putLong(TAIL_AT, 0);
    page.putLong(HEAD_AT, 0);
    page.putLong(OUTBOUND_AT, 1);
    page.putLong(INBOUND_AT, 1);
    page.putLong(CREATED_AT, now);
    page.putLongRelease(RESETTING_AT, 0);
  }

  /** Makes what is kept outlive a power cut. Takes as long as the disk does. */
  public void sync() {
    mapped.force();
  }

  @Override
  public void close() {
    // Whoever still asks gets an exception, not the end of the process.
    page.wrap(0, 0);
    ringBytes.wrap(0, 0);
    IoUtil.unmap(mapped);
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
