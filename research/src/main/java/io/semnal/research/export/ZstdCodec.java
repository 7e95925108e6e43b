package io.semnal.research.export;

import io.airlift.compress.zstd.ZstdCompressor;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Zstandard in pure Java for Parquet's writer, whose own takes a native library and Hadoop. */
final class ZstdCodec
    implements CompressionCodecFactory, CompressionCodecFactory.BytesInputCompressor {
  private final ZstdCompressor compressor = new ZstdCompressor();
  private byte[] compressed = {};

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName name) {
    if (name != CompressionCodecName.ZSTD) {
      throw new IllegalArgumentException("only ZSTD, not " + name);
    }
    return this;
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
    throw new UnsupportedOperationException("nothing is read");
  }

  /** What it gives is valid until the next call, as Parquet's own codecs have it. */
  @Override
  public BytesInput compress(BytesInput input) {
    ByteBuffer page = input.toByteBuffer(HeapByteBufferAllocator.getInstance(), buffer -> {});
    int most = compressor.maxCompressedLength(page.remaining());
    if (compressed.length < most) {
      compressed = new byte[most];
    }
    ByteBuffer out = ByteBuffer.wrap(compressed);
    compressor.compress(page, out);
    return BytesInput.from(compressed, 0, out.position());
  }

  @Override
  public CompressionCodecName getCodecName() {
    return CompressionCodecName.ZSTD;
  }

  @Override
  public void release() {
    // Arrays only.
  }
}
