package io.semnal.journal;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import net.openhft.chronicle.queue.ExcerptTailer;
import org.agrona.DirectBuffer;

/**
 * Holds messages that are read from a queue against the checksums beside it. One thread; allocates
 * nothing but where the queue goes on in another file.
 */
final class SumReader implements AutoCloseable {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int ENTRIES = 512;

  /** Records after which it looks once more whether a checksum came, while the reader reads on. */
  private static final int LOOK_AGAIN = 256;

  private final SumFile.Crc crc = new SumFile.Crc();
  private final byte[] chunk = new byte[ENTRIES * SumFile.ENTRY];
  private int cycle = QueueReader.NOWHERE;
  private File path;
  private RandomAccessFile file;
  private long base;
  private int loaded;
  private long lookFrom;
  private int expected;
  private int found;

  /** What is known of a message. */
  enum Verdict {
    /** It is what was written. */
    SAME,
    /** It is not. */
    DIFFERS,
    /** It has no checksum, or none yet. */
    NO_SUM,
    /** Its checksum itself was damaged. */
    BAD_SUM
  }

  /**
   * @param tailer stands in the file that holds the record
   */
  Verdict check(ExcerptTailer tailer, int ofCycle, long record, DirectBuffer message, int length) {
    if (ofCycle != cycle) {
      leave();
      cycle = ofCycle;
      File of = tailer.currentFile();
      path = of == null ? null : SumFile.beside(of.toPath()).toFile();
    }
    if (!isLoaded(record) && !load(record)) {
      return Verdict.NO_SUM;
    }
    long entry = (long) LONGS.get(chunk, (int) (record - base) * SumFile.ENTRY);
    if (!SumFile.isWhole(entry, record, cycle)) {
      return Verdict.BAD_SUM;
    }
    expected = (int) entry;
    found = crc.of(message, 0, length);
    return found == expected ? Verdict.SAME : Verdict.DIFFERS;
  }

  /** After {@link Verdict#DIFFERS}: the checksum of what was written. */
  int expected() {
    return expected;
  }

  /** After {@link Verdict#DIFFERS}: the checksum of what stands there. */
  int found() {
    return found;
  }

  /** The file of checksums of the last record. */
  File path() {
    return path;
  }

  /**
   * The reader was at the end, or goes elsewhere: more checksums may be there by its next record.
   */
  void lookAnew() {
    lookFrom = 0;
  }

  private boolean isLoaded(long record) {
    return record >= base && record < base + loaded;
  }

  private boolean load(long record) {
    if (path == null || record < lookFrom) {
      return false;
    }
    try {
      if (file == null && !open()) {
        lookFrom = record + LOOK_AGAIN;
        return false;
      }
      base = record / ENTRIES * ENTRIES;
      loaded = 0;
      file.seek(SumFile.position(base));
      int read = Math.max(0, file.read(chunk, 0, chunk.length));
      loaded = read / SumFile.ENTRY;
    } catch (IOException e) {
      throw new CorruptJournalException("cannot read the checksums in " + path + ": " + e, e);
    }
    if (isLoaded(record)) {
      lookFrom = 0;
      return true;
    }
    lookFrom = record + LOOK_AGAIN;
    return false;
  }

  private boolean open() throws IOException {
    // Asks without making garbage: a journal may have no such file.
    if (path.length() == 0) {
      return false;
    }
    file = new RandomAccessFile(path, "r");
    return true;
  }

  private void leave() {
    close();
    cycle = QueueReader.NOWHERE;
  }

  @Override
  public void close() {
    base = 0;
    loaded = 0;
    lookFrom = 0;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new JournalException("cannot close " + path, e);
      }
      file = null;
    }
  }
}
