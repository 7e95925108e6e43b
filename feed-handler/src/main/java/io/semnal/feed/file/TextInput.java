package io.semnal.feed.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The texts of one file: itself, what its gzip holds, or each {@code .csv} of its zip. The file's
 * first bytes decide, and must agree with a name that ends in {@code .zip} or {@code .gz}.
 */
final class TextInput implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final Path path;
  private ZipFile zip;
  private Iterator<? extends ZipEntry> entries;
  private int entryCount;
  private ZipEntry entry;
  private final FileChannel channel;
  private InputStream stream;
  private boolean taken;

  TextInput(Path path) throws IOException {
    this.path = path;
    channel = FileChannel.open(path);
    InputStream raw = new BufferedInputStream(Channels.newInputStream(channel), BUFFER);
    stream = raw;
    try {
      raw.mark(4);
      int magic = raw.read() | raw.read() << 8;
      raw.reset();
      String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
      if (magic == 0x4B50) {
        raw.close();
        stream = null;
        openZip();
      } else if (name.endsWith(".zip")) {
        throw new IOException("is not a zip file");
      } else if (magic == 0x8B1F) {
        stream = new GZIPInputStream(raw, BUFFER);
      } else if (name.endsWith(".gz")) {
        throw new IOException("is not a gzip file");
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void openZip() throws IOException {
    try {
      zip = new ZipFile(path.toFile());
    } catch (ZipException | IllegalArgumentException e) {
      throw new IOException(
          "the zip is cut off or damaged: its directory cannot be read (" + e.getMessage() + ")",
          e);
    }
    List<ZipEntry> files = new ArrayList<>();
    for (ZipEntry e : Collections.list(zip.entries())) {
      if (!e.isDirectory()) {
        files.add(e);
      }
    }
    List<ZipEntry> csv =
        files.stream().filter(e -> e.getName().toLowerCase(Locale.ROOT).endsWith(".csv")).toList();
    List<ZipEntry> chosen = csv.isEmpty() && files.size() == 1 ? files : csv;
    if (chosen.isEmpty()) {
      throw new IOException("the zip holds no .csv file");
    }
    entryCount = chosen.size();
    entries = chosen.iterator();
  }

  /** Moves to the next text; {@code false} behind the last. */
  boolean next() throws IOException {
    if (zip == null) {
      boolean first = !taken;
      taken = true;
      return first;
    }
    if (stream != null) {
      stream.close();
      stream = null;
    }
    if (!entries.hasNext()) {
      return false;
    }
    entry = entries.next();
    stream = new CheckedEntryStream(zip.getInputStream(entry), entry);
    return true;
  }

  InputStream stream() {
    return stream;
  }

  /** Name of the text inside a zip, or {@code null}. */
  String entryName() {
    return entry == null ? null : entry.getName();
  }

  /** Whether the file's name alone does not tell which text is meant. */
  boolean hasSeveral() {
    return entryCount > 1;
  }

  /** Bytes of a plain or gzip file read so far; 0 of a zip. */
  long bytesRead() throws IOException {
    return channel.isOpen() ? channel.position() : 0;
  }

  @Override
  public void close() throws IOException {
    try {
      if (stream != null) {
        stream.close();
      }
    } finally {
      stream = null;
      if (zip != null) {
        zip.close();
      }
    }
  }
}
