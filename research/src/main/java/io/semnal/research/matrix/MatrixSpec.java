package io.semnal.research.matrix;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.Alignment;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which matrix is wanted.
 *
 * @param engine instruments that are read (in the order of their symbols), timeframes, alignment,
 *     holidays and quality; no strategies and no feature sets
 * @param set the columns
 * @param wanted symbols of the instruments that get rows, of those that are read
 * @param rows which bars get a row
 * @param from first opening time of a row's bar; what lies before warms up
 * @param to opening times of rows' bars lie before it
 * @param float32 whether values are as a model of that type sees them
 */
public record MatrixSpec(
    EngineConfig engine,
    FeatureSetConfig set,
    Set<String> wanted,
    Rows rows,
    long from,
    long to,
    boolean float32) {

  /** Which closed bars of the set's timeframe get a row. */
  public enum Rows {
    /** From the first on in which every column has a value; later holes are NaN. */
    DEFINED,
    /** Those in which every column has converged to its stated bound. */
    WARM,
    /** Every one. */
    ALL
  }

  public MatrixSpec {
    wanted = Set.copyOf(wanted);
    if (set.columns().isEmpty()) {
      throw new IllegalArgumentException("no columns are given");
    }
    Set<String> seen = new HashSet<>();
    for (String column : set.columns()) {
      if (!seen.add(column)) {
        throw new IllegalArgumentException("column '" + column + "' is there twice");
      }
    }
    if (from >= to) {
      throw new IllegalArgumentException("the range of time is empty: it ends where it begins");
    }
  }

  /**
   * Every instrument, from defined on, all times, float64.
   *
   * @param config alignment, holidays and quality are taken from it
   * @param instruments that are read
   * @param base length of the bars that everything is made from
   * @param further timeframes that are built as well; those the columns look at are added
   * @throws IllegalArgumentException naming a timeframe that cannot be made from the base
   */
  public static MatrixSpec of(
      EngineConfig config,
      List<Instrument> instruments,
      FeatureSetConfig set,
      Timeframe base,
      List<Timeframe> further) {
    EngineConfig engine =
        engine(
            config,
            instruments.stream().sorted(Comparator.comparing(Instrument::symbol)).toList(),
            set,
            base,
            further);
    TreeSet<String> symbols = new TreeSet<>();
    instruments.forEach(instrument -> symbols.add(instrument.symbol()));
    return new MatrixSpec(
        engine, set, symbols, Rows.DEFINED, Long.MIN_VALUE, Long.MAX_VALUE, false);
  }

  /**
   * A configuration of nothing but what rows need.
   *
   * @param instruments in this order
   * @param base length of the bars that everything is made from
   * @param further timeframes that are built as well, where the base makes them; those the columns
   *     look at are added
   * @throws IllegalArgumentException naming a timeframe that cannot be made from the base
   */
  public static EngineConfig engine(
      EngineConfig config,
      List<Instrument> instruments,
      FeatureSetConfig set,
      Timeframe base,
      List<Timeframe> further) {
    TreeSet<Timeframe> timeframes = new TreeSet<>(ColumnReferences.of(set.columns()).timeframes());
    timeframes.add(set.timeframe());
    timeframes.add(base);
    Alignment alignment = Alignment.parse(config.alignment());
    for (Timeframe timeframe : timeframes) {
      alignment.check(timeframe);
      if (timeframe.seconds() % base.seconds() != 0) {
        throw new IllegalArgumentException(
            "bars of " + timeframe + " cannot be made from bars of " + base);
      }
    }
    further.stream()
        .filter(timeframe -> timeframe.seconds() % base.seconds() == 0)
        .forEach(timeframes::add);
    return new EngineConfig(
        List.copyOf(instruments),
        List.copyOf(timeframes),
        config.alignment(),
        config.holidays(),
        config.quality(),
        List.of(),
        List.of());
  }

  public MatrixSpec withWanted(Set<String> value) {
    return new MatrixSpec(engine, set, value, rows, from, to, float32);
  }

  public MatrixSpec withRows(Rows value) {
    return new MatrixSpec(engine, set, wanted, value, from, to, float32);
  }

  public MatrixSpec withRange(long newFrom, long newTo) {
    return new MatrixSpec(engine, set, wanted, rows, newFrom, newTo, float32);
  }

  public MatrixSpec withFloat32(boolean value) {
    return new MatrixSpec(engine, set, wanted, rows, from, to, value);
  }
}
