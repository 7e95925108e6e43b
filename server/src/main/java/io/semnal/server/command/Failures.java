package io.semnal.server.command;

import io.semnal.gateway.ListenException;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.journal.EngineDiedException;
import io.semnal.journal.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Tells failures that a user can do something about from those that are ours. */
public final class Failures {
  private Failures() {}

  /**
   * The sentence for a failure that comes from outside: files, ports, peers, models, journals.
   *
   * @return {@code null} where the failure is not of that kind: its stack trace is needed
   */
  public static String sentence(Throwable failure) {
    return switch (failure) {
      case CommandFailure f -> f.getMessage();
      case EngineDiedException e -> null;
      case JournalException e -> e.getMessage();
      case ModelRefusedException e -> e.getMessage();
      case ListenException e -> e.getMessage();
      case UncheckedIOException e -> said(e.getMessage(), e.getCause());
      case IOException e -> of(e);
      default -> null;
    };
  }

  /** A message of ours, with the cause where it only repeats the cause's class. */
  private static String said(String message, IOException cause) {
    return message == null || message.startsWith(cause.getClass().getName())
        ? of(cause)
        : message + ": " + of(cause);
  }

  private static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException f ->
          isSentence(f.getMessage()) ? f.getMessage() : f.getMessage() + " is not there";
      case AccessDeniedException f -> "no permission to use " + f.getFile();
      case FileAlreadyExistsException f -> f.getFile() + " exists already";
      case NotDirectoryException f -> f.getFile() + " is not a folder";
      case FileSystemException f ->
          f.getFile() + (f.getReason() == null ? " cannot be used" : ": " + f.getReason());
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  private static boolean isSentence(String message) {
    return message.contains(": ");
  }
}
