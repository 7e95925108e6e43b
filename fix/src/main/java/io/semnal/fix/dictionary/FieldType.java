package io.semnal.fix.dictionary;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixValues;

/** The forms that a field's value may have. */
enum FieldType {
  /** Anything but nothing. */
  TEXT,
  INTEGER,
  /** Price, quantity, amount, percentage. */
  DECIMAL,
  CHARACTER,
  FLAG,
  TIMESTAMP,
  /** UTCDate, LocalMktDate. */
  DATE,
  TIME,
  /** {@code YYYYMM}, with a day or a week behind it or not. */
  MONTH,
  /** A repeating group's count. */
  COUNT;

  private static final int MONTH_LENGTH = 6;

  boolean accepts(FixMessage message, int index) {
    int offset = message.valueOffset(index);
    int length = message.valueLength(index);
    return switch (this) {
      case TEXT -> true;
      case INTEGER -> FixValues.integer(message.buffer(), offset, length) != FixValues.NONE;
      case COUNT -> FixValues.integer(message.buffer(), offset, length) >= 0;
      case DECIMAL -> FixValues.isDecimal(message.buffer(), offset, length);
      case CHARACTER -> length == 1;
      case FLAG -> message.characterAt(index) == 'Y' || message.characterAt(index) == 'N';
      case TIMESTAMP -> message.timestampAt(index) != FixValues.NONE;
      case DATE -> FixValues.date(message.buffer(), offset, length) != FixValues.NONE;
      case TIME -> FixValues.timeOfDay(message.buffer(), offset, length) != FixValues.NONE;
      case MONTH ->
          length >= MONTH_LENGTH
              && FixValues.integer(message.buffer(), offset, MONTH_LENGTH) != FixValues.NONE;
    };
  }
}
