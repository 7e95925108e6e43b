package io.semnal.research.export;

import io.airlift.compress.Compressor;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Compresses pages for Parquet's writer, whose own codecs take native libraries and Hadoop. */
final class PageCodec {
  /** Bytes in the middle of a page by which it is judged. */
  private static final int PROBE = 1 << 14;

  private final Compression compression;
  private final Compressor compressor;
  private byte[] compressed = {};

  PageCodec(Compression compression) {
    this.compression = compression;
    compressor = compression == Compression.NONE ? null : compression.compressor();
  }

  /** What pages that {@link #shrinks shrink} are compressed with. */
  CompressionCodecName codec() {
    return compression.codec();
  }

  /**
   * Whether a page is worth compressing: a sample of it loses a tenth or more. What is packed
   * already mostly does not, and would cost its readers as well.
   */
  boolean shrinks(ByteBuffer page) {
    if (compressor == null) {
      return false;
    }
    int sample = Math.min(PROBE, page.remaining());
    int from = page.position() + (page.remaining() - sample) / 2;
    return compressed(page.slice(from, sample)) < sample - sample / 10;
  }

  /** What it gives is valid until the next call, as Parquet's own codecs have it. */
  BytesInput compress(ByteBuffer page) {
    int length = compressed(page.duplicate());
    return BytesInput.from(compressed, 0, length);
  }

  private int compressed(ByteBuffer page) {
    int most = compressor.maxCompressedLength(page.remaining());
    if (compressed.length < most) {
      compressed = new byte[most];
    }
    ByteBuffer out = ByteBuffer.wrap(compressed);
    compressor.compress(page, out);
    return out.position();
  }
}
