package io.semnal.research.export;

import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.BooleanStatistics;
import org.apache.parquet.column.statistics.DoubleStatistics;
import org.apache.parquet.column.statistics.FloatStatistics;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Tells readers the least and the greatest value of a column in a row group, by which they pass
 * over groups that a query cannot want.
 */
final class ColumnStatistics {
  private ColumnStatistics() {}

  static Statistics<?> of(ColumnBatch batch, PrimitiveType type, int rows) {
    Statistics<?> statistics = Statistics.createStats(type);
    statistics.incrementNumNulls((long) rows - batch.values());
    if (batch.values() > 0) {
      switch (statistics) {
        case LongStatistics s -> longs(batch, s);
        case IntStatistics s -> ints(batch, s);
        case DoubleStatistics s -> doubles(batch, s);
        case FloatStatistics s -> floats(batch, s);
        case BooleanStatistics s -> booleans(batch, s);
        case BinaryStatistics s -> texts(batch, s);
        default -> throw new IllegalStateException("no statistics for " + type);
      }
    }
    return statistics;
  }

  private static void longs(ColumnBatch batch, LongStatistics s) {
    // Unsigned numbers are ordered as signed ones are, once their sign is turned over.
    long turn = batch.column().type() == TableColumn.Type.UINT64 ? Long.MIN_VALUE : 0;
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    long[] bits = batch.bits();
    for (int i = 0; i < batch.values(); i++) {
      min = Math.min(min, bits[i] ^ turn);
      max = Math.max(max, bits[i] ^ turn);
    }
    s.setMinMax(min ^ turn, max ^ turn);
  }

  private static void ints(ColumnBatch batch, IntStatistics s) {
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = 0; i < batch.values(); i++) {
      min = Math.min(min, (int) batch.bits()[i]);
      max = Math.max(max, (int) batch.bits()[i]);
    }
    s.setMinMax(min, max);
  }

  /** With a NaN among them there is no order to tell; the format has it so. */
  private static void doubles(ColumnBatch batch, DoubleStatistics s) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < batch.values(); i++) {
      double value = Double.longBitsToDouble(batch.bits()[i]);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (!Double.isNaN(min)) {
      // Readers may compare either zero with these.
      s.setMinMax(min == 0 ? -0.0 : min, max == 0 ? 0.0 : max);
    }
  }

  private static void floats(ColumnBatch batch, FloatStatistics s) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < batch.values(); i++) {
      float value = Float.intBitsToFloat((int) batch.bits()[i]);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (!Float.isNaN(min)) {
      s.setMinMax(min == 0 ? -0.0f : min, max == 0 ? 0.0f : max);
    }
  }

  private static void booleans(ColumnBatch batch, BooleanStatistics s) {
    for (int i = 0; i < batch.values(); i++) {
      s.updateStats(batch.bits()[i] != 0);
    }
  }

  private static void texts(ColumnBatch batch, BinaryStatistics s) {
    for (Binary text : batch.texts()) {
      s.updateStats(text);
    }
  }
}
