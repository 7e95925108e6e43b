package io.semnal.core.state;

/**
 * Takes fields out of an object or puts them back: the writing visitor returns what it is given,
 * the reading one what was written at this place.
 */
public interface StateVisitor {
  /** Whether fields are put back; for objects that have to derive something afterwards. */
  boolean isReading();

  /**
   * Says what comes next; read back, the same name must stand here.
   *
   * @throws StateMismatchException naming both, where another stands here
   */
  void section(String name);

  long of(long value);

  int of(int value);

  double of(double value);

  boolean of(boolean value);

  /** A text of any length, or null. */
  String of(String value);

  /** The elements in place; the length belongs to the configuration and must agree. */
  void of(long[] values);

  /** The elements in place; the length belongs to the configuration and must agree. */
  void of(int[] values);

  /** The elements in place; the length belongs to the configuration and must agree. */
  void of(double[] values);

  /** The elements in place; the length belongs to the configuration and must agree. */
  void of(float[] values);

  /** The elements in place; the length belongs to the configuration and must agree. */
  void of(boolean[] values);

  /**
   * A constant by its name; not null.
   *
   * @throws StateMismatchException where its class has none of the name that stands here
   */
  default <E extends Enum<E>> E of(E value) {
    String name = of(value.name());
    if (!isReading()) {
      return value;
    }
    for (E constant : value.getDeclaringClass().getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    throw new StateMismatchException(
        "no " + value.getDeclaringClass().getSimpleName() + " is called " + name);
  }

  /**
   * How many things follow, where the configuration does not say it.
   *
   * @throws StateMismatchException where it is negative
   */
  default int count(int value) {
    int count = of(value);
    if (count < 0) {
      throw new StateMismatchException("a count of " + count + " is not possible");
    }
    return count;
  }

  /** Bytes of any length, or null. */
  byte[] of(byte[] values);
}
