package io.semnal.research.export;

import io.airlift.compress.Compressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Gzip (RFC 1952) of heap buffers by the JDK, in the form of the other compressors. */
final class GzipCompressor implements Compressor {
  /** Header and trailer of a member. */
  private static final int FRAME = 18;

  /** What Deflate stores takes 5 bytes more for each 16 KiB; twice that, and a block's rest. */
  private static final int STORED_SHIFT = 11;

  @Override
  public int maxCompressedLength(int uncompressedSize) {
    return Math.addExact(uncompressedSize, (uncompressedSize >>> STORED_SHIFT) + 2 * FRAME);
  }

  @Override
  public int compress(byte[] in, int inAt, int inLength, byte[] out, int outAt, int outMost) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(inLength / 2 + FRAME);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(in, inAt, inLength);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail to be written", e);
    }
    if (bytes.size() > outMost) {
      throw new IllegalArgumentException("room for " + outMost + " of " + bytes.size() + " bytes");
    }
    System.arraycopy(bytes.toByteArray(), 0, out, outAt, bytes.size());
    return bytes.size();
  }

  @Override
  public void compress(ByteBuffer in, ByteBuffer out) {
    int length =
        compress(
            in.array(),
            in.arrayOffset() + in.position(),
            in.remaining(),
            out.array(),
            out.arrayOffset() + out.position(),
            out.remaining());
    in.position(in.limit());
    out.position(out.position() + length);
  }
}
