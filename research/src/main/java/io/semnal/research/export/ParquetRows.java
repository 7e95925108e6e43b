package io.semnal.research.export;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Tells Parquet's writer what the columns of a table are, and hands it the rows. */
final class ParquetRows extends WriteSupport<ParquetRow> {
  private static final int PRICE_SCALE = 8;
  private static final int PRICE_PRECISION = 18;

  private final MessageType schema;
  private RecordConsumer consumer;

  ParquetRows(List<TableColumn> columns) {
    schema = new MessageType("schema", columns.stream().<Type>map(ParquetRows::type).toList());
  }

  private static PrimitiveType type(TableColumn column) {
    return Types.primitive(
            physical(column.type()),
            column.nullable() ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED)
        .as(logical(column.type()))
        .named(column.name());
  }

  private static PrimitiveTypeName physical(TableColumn.Type type) {
    return switch (type) {
      case TIMESTAMP, PRICE, INT64 -> PrimitiveTypeName.INT64;
      case INT32 -> PrimitiveTypeName.INT32;
      case FLOAT64 -> PrimitiveTypeName.DOUBLE;
      case FLOAT32 -> PrimitiveTypeName.FLOAT;
      case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
      case TEXT -> PrimitiveTypeName.BINARY;
    };
  }

  /** Null where the physical type says it all. */
  private static LogicalTypeAnnotation logical(TableColumn.Type type) {
    return switch (type) {
      case TIMESTAMP -> LogicalTypeAnnotation.timestampType(true, TimeUnit.NANOS);
      case PRICE -> LogicalTypeAnnotation.decimalType(PRICE_SCALE, PRICE_PRECISION);
      case TEXT -> LogicalTypeAnnotation.stringType();
      case INT64, INT32, FLOAT64, FLOAT32, BOOLEAN -> null;
    };
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(schema, Map.of());
  }

  /** The one place where Hadoop's name must be written; nothing calls it, and it is not shipped. */
  @Override
  @Deprecated
  public WriteContext init(Configuration configuration) {
    throw new UnsupportedOperationException("written without Hadoop");
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    this.consumer = consumer;
  }

  @Override
  public void write(ParquetRow row) {
    row.write(consumer);
  }
}
