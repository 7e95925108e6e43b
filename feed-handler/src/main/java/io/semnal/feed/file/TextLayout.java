package io.semnal.feed.file;

import java.io.IOException;

/** Finds how the rows of one text are read, from its first line where that must be. */
interface TextLayout {
  byte delimiter();

  /**
   * @return {@code null} with the failure noted in the row, if the line is damaged: the next line
   *     is tried
   * @throws IOException if nothing in this text can be read
   */
  RowParser begin(Row first) throws IOException;

  /**
   * The layout of one text.
   *
   * @param file that the text comes from
   * @throws IOException if the file's name does not tell what it must
   */
  static TextLayout of(TickFormat format, FileName file, TickFileOptions options, Symbols symbols)
      throws IOException {
    return switch (format) {
      case LEAN_TICK -> new LeanLayout(file, options, symbols);
      case HISTDATA -> new HistDataLayout(options, symbols);
      case TRUEFX -> new TrueFxLayout(options, symbols);
      case DUKASCOPY -> new DukascopyLayout(options, symbols);
      case CSV -> new CsvLayout(options, symbols);
      case BI5 -> throw new IllegalArgumentException("bi5 is not text");
    };
  }

  /** The instrument of a text without a symbol column. */
  static int unnamedInstrument(Symbols symbols) throws IOException {
    int instrument = symbols.unnamed();
    if (instrument == Symbols.UNKNOWN) {
      throw new IOException("names no instrument, and several may be meant");
    }
    return instrument;
  }

  /** Whether all fields of a line begin with a letter. */
  static boolean isHeader(Row row) {
    for (int i = 0; i < row.count(); i++) {
      if (!row.beginsWithLetter(i)) {
        return false;
      }
    }
    return row.count() > 1;
  }
}
