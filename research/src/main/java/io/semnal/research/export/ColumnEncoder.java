package io.semnal.research.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.plain.BooleanPlainValuesWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;

/**
 * Encodes the values of a column batch as the data of one page, with Parquet's own encoders where
 * values are packed and by plain copying where PLAIN means little-endian memory. Times and counts
 * are written as differences, numbers and texts that repeat as positions in a dictionary: fewer
 * bytes than the same numbers compressed, for less work.
 */
final class ColumnEncoder {
  private static final int INITIAL = 1 << 12;
  private static final int MOST = 1 << 24;

  private final NumberDictionary numbers = new NumberDictionary();
  private ByteBuffer plain = little(0);
  private ByteBuffer words = little(0);

  /** Valid until the next call. */
  EncodedColumn encode(ColumnBatch batch, int rows) throws IOException {
    BytesInput levels = levels(batch, rows);
    EncodedColumn values = values(batch);
    return levels.size() == 0
        ? values
        : new EncodedColumn(
            values.dictionary(),
            values.words(),
            BytesInput.concat(levels, values.page()),
            values.encoding());
  }

  private EncodedColumn values(ColumnBatch batch) throws IOException {
    return switch (batch.column().type()) {
      case TIMESTAMP, INT64 ->
          new EncodedColumn(null, 0, differences(batch), Encoding.DELTA_BINARY_PACKED);
      case PRICE, QUANTITY, FLOAT64 -> {
        if (!numbers.take(batch)) {
          yield new EncodedColumn(null, 0, longs(batch), Encoding.PLAIN);
        }
        yield new EncodedColumn(
            numberDictionary(),
            numbers.size(),
            codes(numbers.codes(), batch.values(), numbers.size()),
            Encoding.RLE_DICTIONARY);
      }
      case TEXT -> {
        if (!isRepetitive(batch)) {
          yield new EncodedColumn(null, 0, texts(batch), Encoding.PLAIN);
        }
        yield new EncodedColumn(
            dictionary(batch),
            batch.texts().size(),
            codes(batch.codes(), batch.values(), batch.texts().size()),
            Encoding.RLE_DICTIONARY);
      }
      case UINT64 -> new EncodedColumn(null, 0, longs(batch), Encoding.PLAIN);
      case INT32, FLOAT32 -> new EncodedColumn(null, 0, ints(batch), Encoding.PLAIN);
      case BOOLEAN -> new EncodedColumn(null, 0, booleans(batch), Encoding.PLAIN);
    };
  }

  /** Texts of which most are different take more bytes with a dictionary than without. */
  private static boolean isRepetitive(ColumnBatch batch) {
    return dictionaryBytes(batch) + batch.values() < plainTextBytes(batch);
  }

  /** Which rows have a value: the length in four bytes, then runs. */
  private static BytesInput levels(ColumnBatch batch, int rows) throws IOException {
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

  private static BytesInput differences(ColumnBatch batch) throws IOException {
    try (var writer =
        new DeltaBinaryPackingValuesWriterForLong(
            INITIAL, MOST, HeapByteBufferAllocator.getInstance())) {
      for (int i = 0; i < batch.values(); i++) {
        writer.writeLong(batch.bits()[i]);
      }
      return copy(writer.getBytes());
    }
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

  private BytesInput numberDictionary() {
    int bytes = numbers.size() * Long.BYTES;
    if (words.capacity() < bytes) {
      words = little(bytes);
    }
    words.clear().asLongBuffer().put(numbers.numbers(), 0, numbers.size());
    return BytesInput.from(words.array(), 0, bytes);
  }

  /** The different texts of a batch, in the order of their codes. */
  private static BytesInput dictionary(ColumnBatch batch) {
    ByteBuffer out = little(Math.toIntExact(dictionaryBytes(batch)));
    batch.texts().forEach(text -> put(text, out));
    return BytesInput.from(out.array(), 0, out.position());
  }

  /** The width of a code in one byte, then runs of codes. */
  private static BytesInput codes(int[] codes, int count, int different) throws IOException {
    int width = BytesUtils.getWidthFromMaxInt(Math.max(0, different - 1));
    try (RunLengthBitPackingHybridEncoder runs = runs(width)) {
      for (int i = 0; i < count; i++) {
        runs.writeInt(codes[i]);
      }
      return BytesInput.concat(BytesInput.from(new byte[] {(byte) width}), copy(runs.toBytes()));
    }
  }

  private static long dictionaryBytes(ColumnBatch batch) {
    long bytes = 0;
    for (Binary text : batch.texts()) {
      bytes += Integer.BYTES + text.length();
    }
    return bytes;
  }

  private static long plainTextBytes(ColumnBatch batch) {
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
