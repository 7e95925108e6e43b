package io.semnal.server.command;

import java.time.Instant;
import java.util.function.Function;
import picocli.CommandLine;

/** Reads option values, and says in users' words what they should have been. */
public final class Converters {
  private Converters() {}

  /** Makes a command and its subcommands use them. */
  public static void register(CommandLine command) {
    command.registerConverter(Instant.class, new Moment());
    command.registerConverter(Long.class, text -> number(text, Long::valueOf, "a whole number"));
    command.registerConverter(long.class, text -> number(text, Long::valueOf, "a whole number"));
    command.registerConverter(int.class, text -> number(text, Integer::valueOf, "a whole number"));
    command.registerConverter(double.class, text -> number(text, Double::valueOf, "a number"));
  }

  private static <T> T number(String text, Function<String, T> reader, String what) {
    try {
      return reader.apply(text);
    } catch (NumberFormatException e) {
      throw new CommandLine.TypeConversionException("'" + text + "' is not " + what);
    }
  }
}
