package io.semnal.journal.last;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/** The one place where Chronicle Map is opened, with its habits kept in check. */
final class LastValueFile {
  /** Kept and read by the file's own header; a reader needs the same. */
  static final String NAME = "last-values.cm3";

  /** Least number of entries: 4 KiB pages make a smaller file no smaller. */
  private static final int LEAST_ENTRIES = 1_024;

  /** A checksum of eight bytes, the length of the header's text in four, the text. */
  private static final int SIZE_WORD = 8;

  private static final int TEXT = SIZE_WORD + Integer.BYTES;
  private static final int MOST_HEADER = 1 << 16;
  private static final byte[] HEADER =
      "!net.openhft.chronicle.map.".getBytes(StandardCharsets.US_ASCII);

  static {
    // Before any of the vendor's classes load: it reports usage over the network otherwise.
    System.setProperty("chronicle.analytics.disable", "true");
    System.setProperty("chronicle.announcer.disable", "true");
  }

  private LastValueFile() {}

  /**
   * Makes a new map in a file that is not there.
   *
   * @param entries that it has room for
   */
  static ChronicleMap<Long, byte[]> create(File file, long entries) throws IOException {
    return builder(Math.max(LEAST_ENTRIES, entries)).createPersistedTo(file);
  }

  /**
   * Opens a copy that nobody else has open; entries that were being written when it was taken are
   * left out.
   *
   * @param damaged told of each problem
   */
  static ChronicleMap<Long, byte[]> recoverCopy(File copy, Runnable damaged) throws IOException {
    return builder(LEAST_ENTRIES).recoverPersistedTo(copy, false, corruption -> damaged.run());
  }

  /**
   * Whether a file begins as the library begins its own, complete. It would wait a minute for the
   * rest of a header that nobody writes.
   */
  static boolean isMap(Path file) throws IOException {
    byte[] begin = new byte[TEXT + HEADER.length];
    try (InputStream in = Files.newInputStream(file)) {
      if (in.readNBytes(begin, 0, begin.length) < begin.length) {
        return false;
      }
    }
    int size = ByteBuffer.wrap(begin).order(ByteOrder.LITTLE_ENDIAN).getInt(SIZE_WORD);
    return size > 0
        && size < MOST_HEADER
        && Files.size(file) > TEXT + size
        && Arrays.equals(begin, TEXT, begin.length, HEADER, 0, HEADER.length);
  }

  private static ChronicleMapBuilder<Long, byte[]> builder(long entries) {
    return ChronicleMapBuilder.of(Long.class, byte[].class)
        .name("semnal-last-values")
        .entries(entries)
        .constantValueSizeBySample(new byte[LastFrame.BYTES])
        .actualSegments(1)
        .putReturnsNull(true)
        // Its own hook closes the map as soon as the process is told to end, under the hands of
        // the thread that still writes; whoever opened it closes it, in order.
        .skipCloseOnExitHook(true)
        .checksumEntries(true);
  }
}
