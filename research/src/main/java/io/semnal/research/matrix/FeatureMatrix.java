package io.semnal.research.matrix;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.QualityConfig;
import io.semnal.core.market.Alignment;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.BarHandler;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.inference.engine.QuoteRules;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.research.export.TableColumn;
import io.semnal.research.export.TableColumn.Type;
import io.semnal.research.export.TableWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a row of a feature set for every bar that closes, by the same graph as live: its source
 * lets time pass and hands over quotes or bars. Holds one row; rows come in the order of {@code
 * available_at}, then instrument. One thread.
 */
public final class FeatureMatrix implements PriceSink {
  /** Columns of every matrix, around the features. */
  static final List<String> FIXED_COLUMNS =
      List.of("open_time", "close_time", "available_at", "instrument", "warm", "quality");

  private static final int FEATURES_FROM = 4;

  private final MatrixSpec spec;
  private final TableWriter table;
  private final FeaturePipeline pipeline;
  private final FeatureRow[] rows;
  private final String[] symbols;
  private final boolean[] begun;
  private final long[] written;
  private final int timeframe;
  private final int columns;
  private final long end;
  private final MemorySegment floats;
  private final BarQuality quality = new BarQuality();
  private final BarHandler onClosed = this::onClosed;
  private QuoteRules rules;
  private long bars;

  /**
   * @param table with {@link #columns} as its columns
   * @throws IllegalArgumentException naming column and character of a wrong expression
   */
  public FeatureMatrix(MatrixSpec spec, TableWriter table) {
    this.spec = spec;
    this.table = table;
    pipeline = new FeaturePipeline(spec.engine());
    List<Instrument> instruments = spec.engine().instruments();
    rows = new FeatureRow[instruments.size()];
    symbols = new String[rows.length];
    begun = new boolean[rows.length];
    written = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      symbols[i] = instruments.get(i).symbol();
      rows[i] = spec.wanted().contains(symbols[i]) ? pipeline.bind(spec.set(), i) : null;
    }
    timeframe = spec.engine().timeframeIndex(spec.set().timeframe());
    columns = spec.set().width();
    end = end(spec);
    floats = Arena.ofAuto().allocate((long) columns * Float.BYTES, Float.BYTES);
    quality(spec.engine().quality());
  }

  /** What a matrix's table looks like. */
  public static List<TableColumn> columns(MatrixSpec spec) {
    List<TableColumn> all = new ArrayList<>();
    for (String fixed : FIXED_COLUMNS) {
      switch (fixed) {
        case "instrument" -> {
          all.add(TableColumn.of(fixed, Type.TEXT));
          Type value = spec.float32() ? Type.FLOAT32 : Type.FLOAT64;
          spec.set().inputs().forEach(c -> all.add(TableColumn.of(columnName(c), value)));
        }
        case "warm" -> all.add(TableColumn.of(fixed, Type.BOOLEAN));
        case "quality" -> all.add(TableColumn.of(fixed, Type.TEXT));
        default -> all.add(TableColumn.of(fixed, Type.TIMESTAMP));
      }
    }
    return all;
  }

  /** A feature's text; the feature {@code quality} is {@code quality()} beside the bar's marks. */
  static String columnName(String feature) {
    return FIXED_COLUMNS.contains(feature) ? feature + "()" : feature;
  }

  /** When the last bar has closed that the range of time asks for. */
  private static long end(MatrixSpec spec) {
    if (spec.to() == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    Alignment alignment = Alignment.parse(spec.engine().alignment());
    Timeframe timeframe = spec.set().timeframe();
    return alignment.close(alignment.open(spec.to() - 1, timeframe), timeframe);
  }

  @Override
  public void quality(QualityConfig config) {
    rules = new QuoteRules(config);
  }

  @Override
  public EngineConfig engine() {
    return spec.engine();
  }

  @Override
  public boolean isComplete(long time) {
    return time >= end;
  }

  @Override
  public void advanceTo(long time) {
    long until = Math.min(time, end);
    for (long due = pipeline.nextBoundary(); due <= until; due = pipeline.nextBoundary()) {
      pipeline.closeBoundary(due, onClosed);
    }
  }

  @Override
  public void onQuote(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      int flags) {
    if (!rules.isDropped(flags)) {
      pipeline.onQuote(
          instrument, time, eventTime, bid, ask, bidSize, askSize, rules.remaining(flags));
    }
  }

  @Override
  public void onConflatedQuote(
      int instrument, MarketQuote quote, long bidSize, long askSize, long count, int flags) {
    if (!rules.isDropped(flags)) {
      pipeline.onConflatedQuote(
          instrument,
          quote.time,
          quote.eventTime,
          quote.bid,
          quote.ask,
          bidSize,
          askSize,
          quote.bidHigh,
          quote.bidLow,
          quote.askHigh,
          quote.askLow,
          count,
          rules.remaining(flags));
    }
  }

  /** To the end of the last quote's bar of the shortest timeframe, as an import goes. */
  @Override
  public void endTicks(long last) {
    Timeframe base = spec.engine().timeframes().getFirst();
    Alignment alignment = Alignment.parse(spec.engine().alignment());
    advanceTo(alignment.close(alignment.open(last, base), base));
  }

  /** A bar that gets a row, or is part of one that does. */
  @Override
  public void onBar(int instrument, Bar bar) {
    pipeline.addHistoricalBar(instrument, 0, bar, onClosed);
  }

  @Override
  public void endBars() {
    pipeline.closeHistory(onClosed);
  }

  @Override
  public void onWarmUpBar(int instrument, int barTimeframe, Bar bar) {
    pipeline.addHistoricalBar(instrument, barTimeframe, bar);
  }

  private void onClosed(int instrument, int barTimeframe, Bar bar) {
    FeatureRow row = rows[instrument];
    if (barTimeframe != timeframe || row == null) {
      return;
    }
    bars++;
    row.closed();
    boolean warm = row.isWarm();
    begun[instrument] |= row.isDefined();
    boolean chosen =
        switch (spec.rows()) {
          case DEFINED -> begun[instrument];
          case WARM -> warm;
          case ALL -> true;
        };
    if (chosen && bar.openTime >= spec.from() && bar.openTime < spec.to()) {
      write(instrument, row, bar, warm);
    }
  }

  private void write(int instrument, FeatureRow row, Bar bar, boolean warm) {
    table.setLong(0, bar.openTime);
    table.setLong(1, bar.closeTime);
    table.setLong(2, bar.closeTime);
    table.setText(3, symbols[instrument]);
    if (spec.float32()) {
      row.writeFloats(floats, 0);
      for (int i = 0; i < columns; i++) {
        table.setFloat(
            FEATURES_FROM + i, floats.get(ValueLayout.JAVA_FLOAT, (long) i * Float.BYTES));
      }
    } else {
      for (int i = 0; i < columns; i++) {
        table.setDouble(FEATURES_FROM + i, row.value(i));
      }
    }
    table.setBoolean(FEATURES_FROM + columns, warm);
    table.setText(FEATURES_FROM + columns + 1, quality.text(bar.flags));
    table.endRow();
    written[instrument]++;
  }

  /** Closed bars of the set's timeframe so far, with a row or without. */
  public long bars() {
    return bars;
  }

  /** Rows of an instrument so far. */
  public long rows(String symbol) {
    int index = spec.engine().instrumentIndex(symbol);
    return index < 0 ? 0 : written[index];
  }

  /** Columns that had no value in an instrument's last bar: why it may have no rows. */
  public List<String> undefinedColumns() {
    List<String> names = new ArrayList<>();
    List<String> inputs = spec.set().inputs();
    for (int c = 0; c < columns; c++) {
      boolean defined = false;
      for (FeatureRow row : rows) {
        defined |= row != null && !Double.isNaN(row.value(c));
      }
      if (!defined) {
        names.add(inputs.get(c));
      }
    }
    return names;
  }
}
