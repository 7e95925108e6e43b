package io.semnal.research.export;

import io.airlift.compress.Compressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.zstd.ZstdCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * How the pages of a Parquet file are compressed, in pure Java: Zstandard and Snappy by
 * aircompressor, gzip by the JDK. Every reader of Parquet knows all of them.
 */
public enum Compression {
  NONE(CompressionCodecName.UNCOMPRESSED),
  SNAPPY(CompressionCodecName.SNAPPY),
  ZSTD(CompressionCodecName.ZSTD),
  GZIP(CompressionCodecName.GZIP);

  private final CompressionCodecName codec;

  Compression(CompressionCodecName codec) {
    this.codec = codec;
  }

  /** As the file names it. */
  CompressionCodecName codec() {
    return codec;
  }

  /**
   * @throws IllegalStateException of NONE, which compresses nothing
   */
  Compressor compressor() {
    return switch (this) {
      case SNAPPY -> new SnappyCompressor();
      case ZSTD -> new ZstdCompressor();
      case GZIP -> new GzipCompressor();
      case NONE -> throw new IllegalStateException("nothing is compressed");
    };
  }
}
