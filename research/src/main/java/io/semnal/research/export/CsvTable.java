package io.semnal.research.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.protocol.MessageLayout;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a table as CSV (RFC 4180): a header, LF, UTF-8, times as ISO-8601 UTC, numbers in the
 * fewest digits that read back as the same value, nothing where a value is empty or NaN. The
 * table's metadata goes into {@code NAME.meta.json} beside it, so that the CSV is nothing but rows.
 */
public final class CsvTable implements TableWriter {
  private static final int FLUSH_AT = 1 << 16;

  private final TableColumn[] columns;
  private final String[] texts;
  private final long[] longs;
  private final double[] doubles;
  private final boolean[] set;
  private final StringBuilder line = new StringBuilder(FLUSH_AT + (1 << 12));
  private final CsvTime time = new CsvTime();
  private final Path path;
  private final PartialFile file;
  private final PartialFile metadataFile;
  private final Map<String, String> metadata;
  private final OutputStream out;
  private long rows;
  private long bytes;
  private boolean closed;

  private CsvTable(Path path, List<TableColumn> columns, Map<String, String> metadata)
      throws IOException {
    this.path = path;
    this.columns = columns.toArray(new TableColumn[0]);
    texts = new String[this.columns.length];
    longs = new long[this.columns.length];
    doubles = new double[this.columns.length];
    set = new boolean[this.columns.length];
    this.metadata = metadata;
    metadataFile = new PartialFile(metadataPath(path));
    file = new PartialFile(path);
    out = new BufferedOutputStream(file.open(), 1 << 16);
    for (int i = 0; i < this.columns.length; i++) {
      line.append(i == 0 ? "" : ",");
      quoted(this.columns[i].name());
    }
    line.append('\n');
  }

  /**
   * Begins a file.
   *
   * @param metadata as it is when the table is committed
   */
  public static CsvTable create(Path path, List<TableColumn> columns, Map<String, String> metadata)
      throws IOException {
    return new CsvTable(path, columns, metadata);
  }

  /** Where the metadata of a CSV file goes. */
  public static Path metadataPath(Path path) {
    return path.resolveSibling(path.getFileName() + ".meta.json");
  }

  /** Values that are JSON lists stay lists. */
  private static byte[] json(Map<String, String> metadata) throws IOException {
    ObjectMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode node = mapper.createObjectNode();
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      if (entry.getValue().startsWith("[")) {
        node.set(entry.getKey(), mapper.readTree(entry.getValue()));
      } else {
        node.put(entry.getKey(), entry.getValue());
      }
    }
    return (mapper.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void setLong(int column, long value) {
    longs[column] = value;
    set[column] = true;
  }

  @Override
  public void setInt(int column, int value) {
    setLong(column, value);
  }

  @Override
  public void setDouble(int column, double value) {
    doubles[column] = value;
    set[column] = true;
  }

  @Override
  public void setFloat(int column, float value) {
    setDouble(column, value);
  }

  @Override
  public void setBoolean(int column, boolean value) {
    setLong(column, value ? 1 : 0);
  }

  @Override
  public void setText(int column, String value) {
    texts[column] = value;
    set[column] = true;
  }

  @Override
  public void setNull(int column) {
    set[column] = false;
  }

  @Override
  public void endRow() {
    for (int i = 0; i < columns.length; i++) {
      if (i > 0) {
        line.append(',');
      }
      if (set[i]) {
        value(i);
        set[i] = false;
      } else if (!columns[i].nullable()) {
        throw new IllegalStateException("column '" + columns[i].name() + "' was not set");
      }
    }
    line.append('\n');
    rows++;
    if (line.length() >= FLUSH_AT) {
      try {
        flush();
      } catch (IOException e) {
        throw new UncheckedIOException(path.toString(), e);
      }
    }
  }

  private void value(int i) {
    switch (columns[i].type()) {
      case TIMESTAMP -> time.append(longs[i], line);
      case PRICE -> Decimals.append(longs[i], MessageLayout.PRICE_DECIMALS, line);
      case QUANTITY -> Decimals.append(longs[i], Decimals.QUANTITY, line);
      case UINT64 -> line.append(Long.toUnsignedString(longs[i]));
      case INT64, INT32 -> line.append(longs[i]);
      case FLOAT64 -> {
        if (!Double.isNaN(doubles[i])) {
          line.append(doubles[i]);
        }
      }
      case FLOAT32 -> {
        if (!Double.isNaN(doubles[i])) {
          line.append((float) doubles[i]);
        }
      }
      case BOOLEAN -> line.append(longs[i] != 0);
      case TEXT -> quoted(texts[i]);
    }
  }

  private void quoted(String text) {
    boolean plain = true;
    for (int i = 0; i < text.length() && plain; i++) {
      char c = text.charAt(i);
      plain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    if (plain) {
      line.append(text);
    } else {
      line.append('"').append(text.replace("\"", "\"\"")).append('"');
    }
  }

  private void flush() throws IOException {
    byte[] encoded = line.toString().getBytes(StandardCharsets.UTF_8);
    out.write(encoded);
    bytes += encoded.length;
    line.setLength(0);
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public void commit() throws IOException {
    flush();
    out.close();
    closed = true;
    try (OutputStream beside = metadataFile.open()) {
      beside.write(json(metadata));
    }
    metadataFile.commit();
    file.commit();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    try {
      if (!closed) {
        out.close();
      }
    } finally {
      metadataFile.close();
      file.close();
    }
  }
}
