package io.semnal.feed.file;

import io.semnal.feed.Tick;
import java.io.IOException;

/**
 * One open file of ticks. What is wrong with a single line or record goes to {@link Problems}; an
 * {@link IOException} means that the rest of the file cannot be read.
 */
interface TickFile extends AutoCloseable {
  boolean next(Tick into) throws IOException;

  /** Where reading stands, for messages: the file with its line or record. */
  String place();

  @Override
  void close() throws IOException;
}
