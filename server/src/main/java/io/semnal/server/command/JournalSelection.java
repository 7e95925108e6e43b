package io.semnal.server.command;

import io.semnal.journal.DecodedMessage;
import io.semnal.journal.JournalReader;
import io.semnal.journal.Side;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which messages of a journal a command is about, and how they are written. */
final class JournalSelection {
  private static final long NANOS = 1_000_000_000L;

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The journal; the configured one by default.")
  private Path journal;

  @Option(
      names = "--side",
      paramLabel = "SIDE",
      description =
          "inbound, outbound or shadow; without it inbound, and behind each message what it"
              + " caused.")
  private Side side;

  @Option(
      names = "--seq",
      paramLabel = "N[..M]",
      description = "Sequences: journalSeq, or with --side outbound outSeq.")
  private String sequences;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "First engine time, such as 2026-01-14T13:30:00Z.")
  private Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Engine time before which it ends.")
  private Instant to;

  @Option(
      names = "--type",
      paramLabel = "NAME",
      split = ",",
      description = "Types of messages by the schema's names, such as Quote,Signal.")
  private List<String> types = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "Ends after so many messages.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  private long firstSequence;
  private long lastSequence = Long.MAX_VALUE;

  private void parse() {
    if (sequences == null) {
      return;
    }
    if (!sequences.matches("[0-9]{1,18}(\\.\\.[0-9]{0,18})?")) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--seq is '" + sequences + "', not N, N.. or N..M");
    }
    String[] ends = sequences.split("\\.\\.", -1);
    firstSequence = Long.parseLong(ends[0]);
    if (ends.length == 1) {
      lastSequence = firstSequence;
    } else if (!ends[1].isEmpty()) {
      lastSequence = Long.parseLong(ends[1]);
    }
  }

  JournalReader open(ConfigOptions options) {
    parse();
    Path path = options.journal(journal);
    return side == null ? JournalReader.openBoth(path) : JournalReader.open(path, side);
  }

  /** Positions before the first message that may be meant. */
  void seek(JournalReader reader) {
    if (sequences != null) {
      reader.seekToSequence(firstSequence);
    } else if (from != null) {
      reader.seek(from);
    } else {
      reader.seekToStart();
    }
  }

  /**
   * Writes what is meant and passes the test, from the position on.
   *
   * @param follow what to do at the present end: go on if it returns {@code true}
   * @return messages written
   */
  long print(JournalReader reader, Predicate<DecodedMessage> test, Wait follow) {
    long written = 0;
    while (written < limit) {
      Optional<DecodedMessage> next = reader.nextDecoded();
      if (next.isEmpty()) {
        spec.commandLine().getOut().flush();
        if (!follow.goesOn()) {
          break;
        }
        continue;
      }
      DecodedMessage message = next.get();
      if (isPast(message)) {
        break;
      }
      if (isMeant(message) && test.test(message)) {
        spec.commandLine().getOut().println(json ? message.json() : message.line());
        written++;
      }
    }
    spec.commandLine().getOut().flush();
    return written;
  }

  /** At the present end of a journal. */
  interface Wait {
    /** Whether to look again, after a while. */
    boolean goesOn();
  }

  private boolean isPast(DecodedMessage message) {
    return position(message) > lastSequence || to != null && message.time() >= nanos(to);
  }

  private boolean isMeant(DecodedMessage message) {
    return position(message) >= firstSequence
        && (types.isEmpty() || types.stream().anyMatch(message.type()::equalsIgnoreCase));
  }

  /** Of what an inbound message caused, when both are read: that message's. */
  private long position(DecodedMessage message) {
    return side == null && message.side() == Side.OUTBOUND
        ? (long) message.fields().get("causeSeq")
        : message.sequence();
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * NANOS + time.getNano();
  }
}
