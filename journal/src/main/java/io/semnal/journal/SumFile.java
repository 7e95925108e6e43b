package io.semnal.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.agrona.DirectBuffer;

/**
 * The layout of the file that lies beside a queue's file and holds a checksum of every message.
 *
 * <pre>
 *  0  int64  magic "SEMNSUM1"
 *  8  int64  number of the queue's file (its cycle)
 * 16  int64  of record 0: low half the CRC32C of the message's bytes, high half a check of record
 *            number, file and CRC, so that a damaged entry is told from a damaged message
 * 24  int64  of record 1 …
 * </pre>
 *
 * Little-endian. It only grows; what it does not reach yet has no checksum.
 */
final class SumFile {
  static final long MAGIC = 0x314D_5553_4E4D_4553L;
  static final int HEADER = 16;
  static final int ENTRY = Long.BYTES;
  private static final String SUFFIX = ".sum";
  private static final long LOW = 0xFFFF_FFFFL;

  private SumFile() {}

  static Path beside(Path queueFile) {
    String name = queueFile.getFileName().toString();
    return queueFile.resolveSibling(
        name.substring(0, name.length() - SingleChronicleQueue.SUFFIX.length()) + SUFFIX);
  }

  static Path queueFile(Path sums) {
    String name = sums.getFileName().toString();
    return sums.resolveSibling(
        name.substring(0, name.length() - SUFFIX.length()) + SingleChronicleQueue.SUFFIX);
  }

  /** The files of checksums of a queue. */
  static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  /** Entries up to the last whole one; 0 if there is no such file. */
  static long wholeEntries(Path sums, int cycle) throws IOException {
    if (!Files.isRegularFile(sums)) {
      return 0;
    }
    try (RandomAccessFile file = new RandomAccessFile(sums.toFile(), "r")) {
      long count = entries(file.length());
      while (count > 0) {
        file.seek(position(count - 1));
        if (isWhole(Long.reverseBytes(file.readLong()), count - 1, cycle)) {
          break;
        }
        count--;
      }
      return count;
    }
  }

  /** Writes the checksums of all messages of a file that is written at once. */
  static void write(Path queueFile, int cycle, List<byte[]> messages) throws IOException {
    ByteBuffer content =
        ByteBuffer.allocate(HEADER + messages.size() * ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(MAGIC).putLong(cycle);
    CRC32C crc = new CRC32C();
    for (int i = 0; i < messages.size(); i++) {
      crc.reset();
      crc.update(messages.get(i));
      content.putLong(entry((int) crc.getValue(), i, cycle));
    }
    Files.write(beside(queueFile), content.array());
  }

  static long position(long record) {
    return HEADER + record * ENTRY;
  }

  /** Whole entries in a file of that length. */
  static long entries(long length) {
    return length < HEADER ? 0 : (length - HEADER) / ENTRY;
  }

  static long entry(int crc, long record, int cycle) {
    return crc & LOW | (long) check(crc, record, cycle) << Integer.SIZE;
  }

  /** Whether an entry is one that was written at that place. */
  static boolean isWhole(long entry, long record, int cycle) {
    return (int) (entry >>> Integer.SIZE) == check((int) entry, record, cycle);
  }

  private static int check(int crc, long record, int cycle) {
    long mixed = (crc & LOW) * 0x9E37_79B9_7F4A_7C15L;
    mixed ^= record * 0xC2B2_AE3D_27D4_EB4FL + cycle * 0x1656_67B1_9E37_79F9L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L;
    return (int) (mixed >>> Integer.SIZE);
  }

  /** Sums messages, piece by piece: a damaged record may pretend to any length. One thread. */
  static final class Crc {
    private final CRC32C crc = new CRC32C();
    private final byte[] piece = new byte[1024];

    int of(DirectBuffer message, int offset, int length) {
      crc.reset();
      for (int done = 0; done < length; done += piece.length) {
        int next = Math.min(piece.length, length - done);
        message.getBytes(offset + done, piece, 0, next);
        crc.update(piece, 0, next);
      }
      return (int) crc.getValue();
    }
  }
}
