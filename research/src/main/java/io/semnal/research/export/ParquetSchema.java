package io.semnal.research.export;

import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Says in Parquet's terms what the columns of a table are. */
final class ParquetSchema {
  private static final int PRICE_SCALE = 8;
  private static final int QUANTITY_SCALE = 2;
  private static final int PRECISION = 18;

  private ParquetSchema() {}

  static MessageType of(List<TableColumn> columns) {
    return new MessageType("schema", columns.stream().<Type>map(ParquetSchema::type).toList());
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
      case TIMESTAMP, PRICE, QUANTITY, INT64, UINT64 -> PrimitiveTypeName.INT64;
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
      case PRICE -> LogicalTypeAnnotation.decimalType(PRICE_SCALE, PRECISION);
      case QUANTITY -> LogicalTypeAnnotation.decimalType(QUANTITY_SCALE, PRECISION);
      case UINT64 -> LogicalTypeAnnotation.intType(Long.SIZE, false);
      case TEXT -> LogicalTypeAnnotation.stringType();
      case INT64, INT32, FLOAT64, FLOAT32, BOOLEAN -> null;
    };
  }
}
