package io.semnal.core.state;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;

/** Writes fields one after the other, little-endian, into a growing buffer. */
public final class StateWriter implements StateVisitor {
  private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1 << 16);
  private int length;

  /** What was written so far. */
  public byte[] toByteArray() {
    byte[] bytes = new byte[length];
    buffer.getBytes(0, bytes);
    return bytes;
  }

  @Override
  public boolean isReading() {
    return false;
  }

  @Override
  public void section(String name) {
    of(name);
  }

  @Override
  public long of(long value) {
    buffer.putLong(length, value, ByteOrder.LITTLE_ENDIAN);
    length += Long.BYTES;
    return value;
  }

  @Override
  public int of(int value) {
    buffer.putInt(length, value, ByteOrder.LITTLE_ENDIAN);
    length += Integer.BYTES;
    return value;
  }

  @Override
  public double of(double value) {
    of(Double.doubleToRawLongBits(value));
    return value;
  }

  @Override
  public boolean of(boolean value) {
    buffer.putByte(length++, (byte) (value ? 1 : 0));
    return value;
  }

  @Override
  public String of(String value) {
    of(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    return value;
  }

  @Override
  public void of(long[] values) {
    of(values.length);
    for (long value : values) {
      of(value);
    }
  }

  @Override
  public void of(int[] values) {
    of(values.length);
    for (int value : values) {
      of(value);
    }
  }

  @Override
  public void of(double[] values) {
    of(values.length);
    for (double value : values) {
      of(value);
    }
  }

  @Override
  public void of(float[] values) {
    of(values.length);
    for (float value : values) {
      of(Float.floatToRawIntBits(value));
    }
  }

  @Override
  public void of(boolean[] values) {
    of(values.length);
    for (boolean value : values) {
      of(value);
    }
  }

  @Override
  public byte[] of(byte[] values) {
    if (values == null) {
      of(-1);
      return null;
    }
    of(values.length);
    buffer.putBytes(length, values);
    length += values.length;
    return values;
  }
}
