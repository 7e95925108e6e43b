package io.semnal.research.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.plain.BooleanPlainValuesWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;

/**
 * Encodes the values of a column batch as the data of one page, with Parquet's own encoders where
 * values are packed and by plain copying where PLAIN means little-endian memory.
 */
final class ColumnEncoder {
  private static final int INITIAL = 1 << 12;
  private static final int MOST = 1 << 24;

  private ByteBuffer plain = little(0);

  /** Which rows have a value: the length in four bytes, then runs. */
  BytesInput levels(ColumnBatch batch, int rows) throws IOException {
    if (!batch.column().nullable()) {
      return BytesInput.empty();
    }
    boolean[] present = batch.present();
    try (RunLengthBitPackingHybridEncoder runs = runs(1)) {
      for (int i = 0; i < rows; i++) {
        runs.writeInt(present[i] ? 1 : 0);
      }
      BytesInput encoded = copy(runs.toBytes());
      return BytesInput.concat(BytesInput.fromInt((int) encoded.size()), encoded);
    }
  }

  /** Valid until the next call. */
  BytesInput plain(ColumnBatch batch) throws IOException {
    return switch (batch.column().type()) {
      case TIMESTAMP, PRICE, QUANTITY, INT64, UINT64, FLOAT64 -> longs(batch);
      case INT32, FLOAT32 -> ints(batch);
      case BOOLEAN -> booleans(batch);
      case TEXT -> texts(batch);
    };
  }

  private BytesInput longs(ColumnBatch batch) {
    ByteBuffer out = room((long) batch.values() * Long.BYTES);
    LongBuffer view = out.asLongBuffer();
    view.put(batch.bits(), 0, batch.values());
    return BytesInput.from(out.array(), 0, batch.values() * Long.BYTES);
  }

  private BytesInput ints(ColumnBatch batch) {
    ByteBuffer out = room((long) batch.values() * Integer.BYTES);
    for (int i = 0; i < batch.values(); i++) {
      out.putInt((int) batch.bits()[i]);
    }
    return BytesInput.from(out.array(), 0, out.position());
  }

  private static BytesInput booleans(ColumnBatch batch) throws IOException {
    try (BooleanPlainValuesWriter writer = new BooleanPlainValuesWriter()) {
      for (int i = 0; i < batch.values(); i++) {
        writer.writeBoolean(batch.bits()[i] != 0);
      }
      return copy(writer.getBytes());
    }
  }

  private BytesInput texts(ColumnBatch batch) {
    List<Binary> texts = batch.texts();
    ByteBuffer out = room(plainTextBytes(batch));
    for (int i = 0; i < batch.values(); i++) {
      put(texts.get(batch.codes()[i]), out);
    }
    return BytesInput.from(out.array(), 0, out.position());
  }

  /** The different texts of a batch, in the order of their codes. */
  static BytesInput dictionary(ColumnBatch batch) {
    ByteBuffer out = little(Math.toIntExact(dictionaryBytes(batch)));
    batch.texts().forEach(text -> put(text, out));
    return BytesInput.from(out.array(), 0, out.position());
  }

  /** The width of a code in one byte, then runs of codes. */
  static BytesInput codes(ColumnBatch batch) throws IOException {
    int width = BytesUtils.getWidthFromMaxInt(Math.max(0, batch.texts().size() - 1));
    try (RunLengthBitPackingHybridEncoder runs = runs(width)) {
      for (int i = 0; i < batch.values(); i++) {
        runs.writeInt(batch.codes()[i]);
      }
      return BytesInput.concat(BytesInput.from(new byte[] {(byte) width}), copy(runs.toBytes()));
    }
  }

  static long dictionaryBytes(ColumnBatch batch) {
    long bytes = 0;
    for (Binary text : batch.texts()) {
      bytes += Integer.BYTES + text.length();
    }
    return bytes;
  }

  static long plainTextBytes(ColumnBatch batch) {
    long bytes = 0;
    for (int i = 0; i < batch.values(); i++) {
      bytes += Integer.BYTES + batch.texts().get(batch.codes()[i]).length();
    }
    return bytes;
  }

  private static void put(Binary text, ByteBuffer out) {
    out.putInt(text.length()).put(text.getBytesUnsafe());
  }

  private static RunLengthBitPackingHybridEncoder runs(int width) {
    return new RunLengthBitPackingHybridEncoder(
        width, INITIAL, MOST, HeapByteBufferAllocator.getInstance());
  }

  /** What outlives the encoder that it comes from. */
  private static BytesInput copy(BytesInput encoded) throws IOException {
    return BytesInput.from(encoded.toInputStream().readAllBytes());
  }

  private ByteBuffer room(long bytes) {
    if (plain.capacity() < bytes) {
      plain = little(Math.toIntExact(bytes));
    }
    return plain.clear();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
