package io.semnal.research.export;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An independent reader of files. */
public final class DuckDb {
  private DuckDb() {}

  /** A query's rows, values with bars between them. */
  public static List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 1");
      try (ResultSet result = statement.executeQuery(sql)) {
        int columns = result.getMetaData().getColumnCount();
        StringBuilder row = new StringBuilder();
        while (result.next()) {
          row.setLength(0);
          for (int i = 1; i <= columns; i++) {
            Object value = result.getObject(i);
            row.append(i == 1 ? "" : "|");
            row.append(value instanceof BigDecimal d ? d.toPlainString() : value);
          }
          rows.add(row.toString());
        }
      }
    }
    return rows;
  }
}
