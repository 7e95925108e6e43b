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

  /** Bytes of the file read so far, where they are read in order; else 0. For progress. */
  long bytesRead() throws IOException;

  @Override
  void close() throws IOException;
}
