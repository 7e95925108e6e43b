package io.semnal.research.sample;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.market.Instrument;
import io.semnal.inference.signal.TrackedSignal;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.research.learn.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Rows of features as the scorer would have seen them, in the order of time, each with the quote it
 * was decided at, the label that it got later, and what became of the buy and the sell that it
 * could have caused.
 */
public final class Samples {
  public static final int SELL = 0;
  public static final int NEUTRAL = 1;
  public static final int BUY = 2;

  /** Class names by label: the output order of every model trained here. */
  public static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  /** Label of a row whose signals were not decided, or could not have been entered. */
  public static final byte NONE = -1;

  /** End of a life that the data does not reach. */
  public static final long OPEN = Long.MAX_VALUE;

  private final List<Instrument> instruments;
  private final int columns;
  private float[] features = new float[0];
  private long[] times = new long[0];
  private byte[] places = new byte[0];
  private MarketSession[] sessions = new MarketSession[0];
  private long[] bids = new long[0];
  private long[] asks = new long[0];
  private float[] momentum = new float[0];
  private byte[] labels = new byte[0];
  private long[] labelEnds = new long[0];

  /** Of the lives: two to a row, the sell first. */
  private long[] fills = new long[0];

  private long[] ends = new long[0];
  private double[] pips = new double[0];
  private EndReason[] reasons = new EndReason[0];
  private int size;

  /** What is known of a row when it is decided on. */
  public record Moment(
      long time, int instrument, MarketSession session, long bid, long ask, float momentum) {}

  public Samples(List<Instrument> instruments, int columns) {
    this.instruments = List.copyOf(instruments);
    this.columns = columns;
  }

  /** For the instruments of a configuration. */
  public static Samples of(EngineConfig config, int columns) {
    return new Samples(config.instruments(), columns);
  }

  /**
   * Adds a row without a label.
   *
   * @return its position
   */
  public int add(Moment moment, float[] row) {
    if (size == labels.length) {
      grow(Math.max(1_024, size * 2));
    }
    System.arraycopy(row, 0, features, size * columns, columns);
    times[size] = moment.time();
    places[size] = (byte) moment.instrument();
    sessions[size] = moment.session();
    bids[size] = moment.bid();
    asks[size] = moment.ask();
    momentum[size] = moment.momentum();
    labels[size] = NONE;
    labelEnds[size] = OPEN;
    for (int life = 2 * size; life < 2 * size + 2; life++) {
      fills[life] = MessageLayout.ABSENT;
      ends[life] = OPEN;
      pips[life] = Double.NaN;
    }
    return size++;
  }

  private void grow(int capacity) {
    features = Arrays.copyOf(features, Math.multiplyExact(capacity, columns));
    times = Arrays.copyOf(times, capacity);
    places = Arrays.copyOf(places, capacity);
    sessions = Arrays.copyOf(sessions, capacity);
    bids = Arrays.copyOf(bids, capacity);
    asks = Arrays.copyOf(asks, capacity);
    momentum = Arrays.copyOf(momentum, capacity);
    labels = Arrays.copyOf(labels, capacity);
    labelEnds = Arrays.copyOf(labelEnds, capacity);
    fills = Arrays.copyOf(fills, 2 * capacity);
    ends = Arrays.copyOf(ends, 2 * capacity);
    pips = Arrays.copyOf(pips, 2 * capacity);
    reasons = Arrays.copyOf(reasons, 2 * capacity);
  }

  /**
   * @param label a class's position
   * @param end when it was decided
   */
  void label(int row, int label, long end) {
    labels[row] = (byte) label;
    labelEnds[row] = end;
  }

  /** Keeps what a life was entered at. */
  void entered(int row, boolean buy, long fill) {
    fills[life(row, buy)] = fill;
  }

  /** Keeps how a life ended. */
  void ended(int row, boolean buy, TrackedSignal signal, long time, double outcome) {
    int life = life(row, buy);
    ends[life] = time;
    pips[life] = outcome;
    reasons[life] = signal.reason();
  }

  private static int life(int row, boolean buy) {
    return 2 * row + (buy ? 1 : 0);
  }

  /** Labelled rows that a learner may see, by position. */
  public Rows rows(IntPredicate chosen) {
    int count = 0;
    int[] positions = new int[size];
    for (int i = 0; i < size; i++) {
      if (labels[i] != NONE && chosen.test(i)) {
        positions[count++] = i;
      }
    }
    Rows rows = new Rows(columns, count);
    for (int i = 0; i < count; i++) {
      int from = positions[i];
      rows.set(i, features, from * columns, labels[from], times[from], labelEnds[from]);
    }
    return rows;
  }

  public int size() {
    return size;
  }

  public int columns() {
    return columns;
  }

  public List<Instrument> instruments() {
    return instruments;
  }

  public Instrument instrument(int row) {
    return instruments.get(places[row]);
  }

  /** Position of the row's instrument. */
  public int place(int row) {
    return places[row];
  }

  public float feature(int row, int column) {
    return features[row * columns + column];
  }

  public void copyRow(int row, float[] into) {
    System.arraycopy(features, row * columns, into, 0, columns);
  }

  /** Whether no value is missing. */
  public boolean isComplete(int row) {
    for (int i = row * columns; i < (row + 1) * columns; i++) {
      if (!Float.isFinite(features[i])) {
        return false;
      }
    }
    return true;
  }

  /** A class's position, or {@link #NONE}. */
  public int label(int row) {
    return labels[row];
  }

  /** When the label was decided; {@link #OPEN} where it was not. */
  public long labelEnd(int row) {
    return labelEnds[row];
  }

  /** When the row could be decided on: its bar's close. */
  public long time(int row) {
    return times[row];
  }

  public MarketSession session(int row) {
    return sessions[row];
  }

  /** Mantissa of the bid that stood. */
  public long bid(int row) {
    return bids[row];
  }

  public long ask(int row) {
    return asks[row];
  }

  /** Change of the mid over the bar, in pips: what a follower of the last move goes by. */
  public float momentum(int row) {
    return momentum[row];
  }

  /** Price that the buy (or sell) was entered at; absent where it was not. */
  public long fill(int row, boolean buy) {
    return fills[life(row, buy)];
  }

  /** When that life ended, or {@link #OPEN}. */
  public long end(int row, boolean buy) {
    return ends[life(row, buy)];
  }

  /** What it brought after spread and commission; NaN where it was never entered. */
  public double pips(int row, boolean buy) {
    return pips[life(row, buy)];
  }

  /** Why it ended; {@code null} where it did not. */
  public EndReason reason(int row, boolean buy) {
    return reasons[life(row, buy)];
  }
}
