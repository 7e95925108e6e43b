package io.semnal.server.command;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.ReplayRange;
import io.semnal.server.Times;
import java.time.Instant;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code --from} and {@code --to}: a part of a journal, by sequence or time. */
final class RangeOptions {
  private static final String SEQUENCE = "[0-9]{1,18}";

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "SEQ|TIME",
      description =
          "The first inbound message: its journalSeq, or an engine time such as"
              + " 2026-01-14T13:30:00Z; by default the journal's first.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "SEQ|TIME",
      description = "The last inbound message, in the same way; by default the journal's last.")
  private String to;

  boolean isGiven() {
    return from != null || to != null;
  }

  /**
   * @param most the last message in any case
   */
  ReplayRange range(JournalDirectory journal, long most) {
    boolean fromSeq = from == null || from.matches(SEQUENCE);
    boolean toSeq = to == null || to.matches(SEQUENCE);
    long first = from == null || !fromSeq ? 1 : Long.parseLong(from);
    long last = to == null || !toSeq ? Long.MAX_VALUE : Long.parseLong(to);
    if (!fromSeq || !toSeq) {
      ReplayRange ofTimes =
          ReplayRange.ofTimes(
              journal,
              fromSeq ? Long.MIN_VALUE : time("--from", from),
              toSeq ? Long.MAX_VALUE : time("--to", to));
      first = Math.max(first, ofTimes.from());
      last = Math.min(last, ofTimes.until());
    }
    last = Math.min(last, most);
    if (first < 1 || last < first) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "there is nothing from " + first + " to " + last);
    }
    return new ReplayRange(first, last);
  }

  private long time(String option, String text) {
    try {
      Instant instant = new Moment().convert(text);
      return Times.nanos(instant);
    } catch (CommandLine.TypeConversionException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), option + ": " + e.getMessage() + ", nor a journalSeq");
    }
  }
}
