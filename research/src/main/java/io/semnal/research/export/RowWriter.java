package io.semnal.research.export;

import io.semnal.protocol.MessageLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of an export in the order of their definition, and the row that is being written: a
 * schema and its rows are two lists in the same order, read one beside the other.
 */
final class RowWriter {
  private static final double PRICE = 1e8;
  private static final double QUANTITY = 1e2;

  /** Collects columns. */
  static final class Columns {
    private final List<TableColumn> columns = new ArrayList<>();
    private final TableColumn.Type price;
    private final TableColumn.Type quantity;

    Columns(boolean decimal) {
      price = decimal ? TableColumn.Type.PRICE : TableColumn.Type.FLOAT64;
      quantity = decimal ? TableColumn.Type.QUANTITY : TableColumn.Type.FLOAT64;
    }

    Columns of(TableColumn.Type type, String... names) {
      for (String name : names) {
        columns.add(TableColumn.of(name, type));
      }
      return this;
    }

    Columns nullable(TableColumn.Type type, String... names) {
      for (String name : names) {
        columns.add(TableColumn.nullable(name, type));
      }
      return this;
    }

    Columns price(String... names) {
      return of(price, names);
    }

    Columns nullablePrice(String... names) {
      return nullable(price, names);
    }

    Columns nullableQuantity(String... names) {
      return nullable(quantity, names);
    }

    List<TableColumn> list() {
      return List.copyOf(columns);
    }
  }

  private final TableWriter table;
  private final boolean decimal;
  private int column;

  RowWriter(TableWriter table, boolean decimal) {
    this.table = table;
    this.decimal = decimal;
  }

  /** A number, or a time that is there. */
  RowWriter number(long value) {
    table.setLong(column++, value);
    return this;
  }

  RowWriter number(int value) {
    table.setInt(column++, value);
    return this;
  }

  RowWriter number(double value) {
    table.setDouble(column++, value);
    return this;
  }

  RowWriter text(String value) {
    table.setText(column++, value);
    return this;
  }

  /** Empty where absent. */
  RowWriter time(long nanos) {
    if (nanos == MessageLayout.ABSENT) {
      table.setNull(column++);
    } else {
      table.setLong(column++, nanos);
    }
    return this;
  }

  /** Empty where it is the empty text. */
  RowWriter name(String value) {
    if (value.isEmpty()) {
      table.setNull(column++);
    } else {
      table.setText(column++, value);
    }
    return this;
  }

  /** Empty where it is not a number: it was not computed. */
  RowWriter real(double value) {
    if (Double.isNaN(value)) {
      table.setNull(column++);
    } else {
      table.setDouble(column++, value);
    }
    return this;
  }

  /** Empty where absent. */
  RowWriter price(long mantissa) {
    return mantissa(mantissa, PRICE);
  }

  /** Empty where absent. */
  RowWriter quantity(long mantissa) {
    return mantissa(mantissa, QUANTITY);
  }

  /** The double nearest to the decimal: both numbers of the quotient are exact. */
  private RowWriter mantissa(long mantissa, double scale) {
    if (mantissa == MessageLayout.ABSENT) {
      table.setNull(column++);
    } else if (decimal) {
      table.setLong(column++, mantissa);
    } else {
      table.setDouble(column++, mantissa / scale);
    }
    return this;
  }

  RowWriter none() {
    table.setNull(column++);
    return this;
  }

  void end() {
    table.endRow();
    column = 0;
  }
}
