package io.semnal.core.state;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads back what a {@link StateWriter} wrote; every length is checked before it is believed. */
public final class StateReader implements StateVisitor {
  private final UnsafeBuffer buffer;
  private int position;

  public StateReader(byte[] bytes) {
    buffer = new UnsafeBuffer(bytes);
  }

  /**
   * To be called at the end.
   *
   * @throws StateMismatchException where something is left over
   */
  public void requireEnd() {
    if (position != buffer.capacity()) {
      throw new StateMismatchException(
          buffer.capacity() - position + " bytes of state are left over at byte " + position);
    }
  }

  @Override
  public boolean isReading() {
    return true;
  }

  @Override
  public void section(String name) {
    int at = position;
    String found = of(name);
    if (!name.equals(found)) {
      throw new StateMismatchException(
          "expected section " + name + " at byte " + at + ", found " + found);
    }
  }

  @Override
  public long of(long value) {
    return buffer.getLong(take(Long.BYTES), ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public int of(int value) {
    return buffer.getInt(take(Integer.BYTES), ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public double of(double value) {
    return Double.longBitsToDouble(of(0L));
  }

  @Override
  public boolean of(boolean value) {
    int at = take(1);
    byte found = buffer.getByte(at);
    if (found != 0 && found != 1) {
      throw new StateMismatchException("byte " + at + " is " + found + ", not a boolean");
    }
    return found == 1;
  }

  @Override
  public String of(String value) {
    byte[] bytes = of((byte[]) null);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void of(long[] values) {
    requireLength(values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = of(0L);
    }
  }

  @Override
  public void of(int[] values) {
    requireLength(values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = of(0);
    }
  }

  @Override
  public void of(double[] values) {
    requireLength(values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = of(0.0);
    }
  }

  @Override
  public void of(float[] values) {
    requireLength(values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(of(0));
    }
  }

  @Override
  public void of(boolean[] values) {
    requireLength(values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = of(false);
    }
  }

  @Override
  public byte[] of(byte[] values) {
    int length = of(0);
    if (length == -1) {
      return null;
    }
    byte[] bytes = new byte[checked(length)];
    buffer.getBytes(take(length), bytes);
    return bytes;
  }

  private void requireLength(int expected) {
    int at = position;
    int found = of(0);
    if (found != expected) {
      throw new StateMismatchException(
          "expected " + expected + " elements at byte " + at + ", found " + found);
    }
  }

  private int checked(int length) {
    if (length < 0 || length > buffer.capacity() - position) {
      throw new StateMismatchException(
          "a length of " + length + " at byte " + (position - Integer.BYTES) + " is not possible");
    }
    return length;
  }

  private int take(int bytes) {
    if (bytes > buffer.capacity() - position) {
      throw new StateMismatchException(
          "the state ends at byte "
              + buffer.capacity()
              + ", in a field that begins at "
              + position);
    }
    int at = position;
    position += bytes;
    return at;
  }
}
