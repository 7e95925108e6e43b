package io.semnal.inference.engine;

import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.Trigger;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** One row of {@link ScoredRows}: what a model was asked and what it said. A flyweight. */
public final class ScoredRow {
  private static final int CAUSE_SEQ = 0;
  private static final int TIME = 8;
  private static final int EVENT_TIME = 16;
  private static final int FEATURE_HASH = 24;
  private static final int BID = 32;
  private static final int ASK = 40;
  private static final int MID = 48;
  private static final int PIP = 56;
  private static final int ATR = 64;
  private static final int BUY = 72;
  private static final int SELL = 80;
  private static final int NEUTRAL = 88;
  private static final int OUTPUT = 96;
  private static final int INSTRUMENT_ID = 104;
  private static final int STRATEGY = 108;
  private static final int STRATEGY_ID = 112;
  private static final int TIMEFRAME = 116;
  private static final int MODEL_ID = 120;
  private static final int TRIGGER = 124;
  private static final int COMPLETE = 126;
  private static final int FLOAT64 = 127;
  private static final int COLUMNS = 128;

  /** Where the features begin: at a multiple of eight. */
  static final int FEATURES = 136;

  private DirectBuffer buffer;
  private int offset;

  static int length(int columns, boolean float64) {
    return FEATURES + columns * (float64 ? Double.BYTES : Float.BYTES);
  }

  /** Everything but the features. */
  static void write(
      MutableDirectBuffer into,
      int at,
      StrategySlot slot,
      ScoreFrame frame,
      long causeSeq,
      long time,
      int columns,
      boolean float64) {
    into.putLong(at + CAUSE_SEQ, causeSeq);
    into.putLong(at + TIME, time);
    into.putLong(at + EVENT_TIME, frame.eventTime);
    into.putLong(at + FEATURE_HASH, frame.featureHash);
    into.putLong(at + BID, frame.bid);
    into.putLong(at + ASK, frame.ask);
    into.putDouble(at + MID, slot.instrument.mid());
    into.putDouble(at + PIP, slot.instrument.pip);
    into.putDouble(at + ATR, frame.atr);
    into.putDouble(at + BUY, frame.scores.buy);
    into.putDouble(at + SELL, frame.scores.sell);
    into.putDouble(at + NEUTRAL, frame.scores.neutral);
    into.putDouble(at + OUTPUT, frame.scores.output);
    into.putInt(at + INSTRUMENT_ID, slot.instrument.id);
    into.putInt(at + STRATEGY, slot.strategy.index);
    into.putInt(at + STRATEGY_ID, slot.strategy.id);
    into.putInt(at + TIMEFRAME, slot.strategy.seconds());
    into.putInt(at + MODEL_ID, slot.strategy.modelId);
    into.putByte(at + TRIGGER, (byte) frame.trigger.value());
    into.putByte(at + COMPLETE, (byte) (frame.reason == ScoreReason.SCORER_ERROR ? 0 : 1));
    into.putInt(at + COLUMNS, columns);
    into.putByte(at + FLOAT64, (byte) (float64 ? 1 : 0));
  }

  /** Lays this over a row. */
  public ScoredRow wrap(DirectBuffer row, int at) {
    buffer = row;
    offset = at;
    return this;
  }

  public long causeSeq() {
    return buffer.getLong(offset + CAUSE_SEQ);
  }

  public long time() {
    return buffer.getLong(offset + TIME);
  }

  public long eventTime() {
    return buffer.getLong(offset + EVENT_TIME);
  }

  public long featureHash() {
    return buffer.getLong(offset + FEATURE_HASH);
  }

  public long bid() {
    return buffer.getLong(offset + BID);
  }

  public long ask() {
    return buffer.getLong(offset + ASK);
  }

  /** Price of the decision, not a mantissa. */
  public double mid() {
    return buffer.getDouble(offset + MID);
  }

  /** In price units. */
  public double pip() {
    return buffer.getDouble(offset + PIP);
  }

  /** In price units. */
  public double atr() {
    return buffer.getDouble(offset + ATR);
  }

  /** NaN where the model does not speak of it, or failed; so are the next three. */
  public double buy() {
    return buffer.getDouble(offset + BUY);
  }

  public double sell() {
    return buffer.getDouble(offset + SELL);
  }

  public double neutral() {
    return buffer.getDouble(offset + NEUTRAL);
  }

  public double output() {
    return buffer.getDouble(offset + OUTPUT);
  }

  public int instrumentId() {
    return buffer.getInt(offset + INSTRUMENT_ID);
  }

  /** Position of the strategy in the configuration. */
  public int strategy() {
    return buffer.getInt(offset + STRATEGY);
  }

  public int strategyId() {
    return buffer.getInt(offset + STRATEGY_ID);
  }

  /** Seconds. */
  public int timeframe() {
    return buffer.getInt(offset + TIMEFRAME);
  }

  public int modelId() {
    return buffer.getInt(offset + MODEL_ID);
  }

  public Trigger trigger() {
    return Trigger.get(buffer.getByte(offset + TRIGGER));
  }

  /** Whether the model gave a score. */
  public boolean isScored() {
    return buffer.getByte(offset + COMPLETE) != 0;
  }

  public int columns() {
    return buffer.getInt(offset + COLUMNS);
  }

  /** Whether the features are float64 ones. */
  public boolean isFloat64() {
    return buffer.getByte(offset + FLOAT64) != 0;
  }

  /** As a float32 model is given it; NaN = missing. */
  public float feature(int column) {
    return (float) wideFeature(column);
  }

  /** As a float64 model is given it, if {@link #isFloat64}; else rounded to float32. */
  public double wideFeature(int column) {
    return isFloat64()
        ? buffer.getDouble(offset + FEATURES + column * Double.BYTES)
        : buffer.getFloat(offset + FEATURES + column * Float.BYTES);
  }

  /** Whether a feature is missing. */
  public boolean hasMissing() {
    for (int i = 0; i < columns(); i++) {
      if (Float.isNaN(feature(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes the features into a scorer's input.
   *
   * @param isDouble whether it takes float64
   */
  public void writeTo(MemorySegment input, boolean isDouble) {
    for (int i = 0; i < columns(); i++) {
      if (isDouble) {
        input.setAtIndex(ValueLayout.JAVA_DOUBLE, i, wideFeature(i));
      } else {
        input.setAtIndex(ValueLayout.JAVA_FLOAT, i, feature(i));
      }
    }
  }

  @Override
  public String toString() {
    float[] features = new float[columns()];
    for (int i = 0; i < features.length; i++) {
      features[i] = feature(i);
    }
    return "ScoredRow[" + causeSeq() + " " + Arrays.toString(features) + "]";
  }
}
