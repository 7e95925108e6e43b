package io.semnal.feed.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;

/**
 * Compares a zip entry's content with its checksum at its end, which {@code ZipFile} leaves out.
 */
final class CheckedEntryStream extends FilterInputStream {
  private final CRC32 crc = new CRC32();
  private final ZipEntry entry;
  private long length;

  CheckedEntryStream(InputStream content, ZipEntry entry) {
    super(content);
    this.entry = entry;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int most) throws IOException {
    int n = in.read(bytes, offset, most);
    if (n > 0) {
      crc.update(bytes, offset, n);
      length += n;
    } else if (n < 0) {
      check();
    }
    return n;
  }

  private void check() throws ZipException {
    if (entry.getSize() >= 0 && entry.getSize() != length) {
      throw new ZipException(
          "the zip is corrupt: " + length + " bytes instead of " + entry.getSize());
    }
    if (entry.getCrc() >= 0 && entry.getCrc() != crc.getValue()) {
      throw new ZipException("the zip is corrupt: wrong checksum");
    }
  }
}
