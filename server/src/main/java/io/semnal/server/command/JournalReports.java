package io.semnal.server.command;

import io.semnal.journal.CorruptJournalException;
import io.semnal.journal.DiskUse;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalState;
import io.semnal.journal.QueueReader;
import io.semnal.journal.RunInfo;
import io.semnal.journal.Side;
import io.semnal.journal.TypeCounts;
import io.semnal.research.export.Decimals;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a journal consists of, in words and in JSON: its runs, its messages, its files. */
final class JournalReports {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final int KIB = 1_024;

  private JournalReports() {}

  /** A row for each run. */
  static List<Map<String, Object>> runs(JournalState state) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < state.runs().size(); i++) {
      RunInfo run = state.runs().get(i);
      boolean last = i == state.runs().size() - 1;
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("run", run.runId());
      row.put("epoch", run.epoch());
      row.put("from", Decimals.time(run.time()));
      row.put("to", Decimals.time(last ? state.inbound().time() : state.runs().get(i + 1).time()));
      row.put("firstJournalSeq", run.headerSeq());
      row.put("lastJournalSeq", state.runEnds().get(i));
      row.put("firstOutSeq", run.outSeqBefore() + 1);
      row.put(
          "lastOutSeq",
          last ? state.outbound().sequence() : state.runs().get(i + 1).outSeqBefore());
      row.put("clock", run.sourceClock() ? "source" : "wall");
      row.put("started", Decimals.time(run.wallTime()));
      row.put("build", run.build());
      row.put(
          "models", run.models().stream().map(pin -> pin.name() + "@" + pin.version()).toList());
      rows.add(row);
    }
    return rows;
  }

  static void printRuns(PrintWriter out, JournalState state) {
    out.printf(
        "%-5s %-5s %-30s %-30s %22s %22s  %s%n",
        "run", "epoch", "from", "to", "journalSeq", "outSeq", "build, models");
    for (Map<String, Object> row : runs(state)) {
      out.printf(
          "%-5s %-5s %-30s %-30s %22s %22s  %s %s%n",
          row.get("run"),
          row.get("epoch"),
          row.get("from"),
          row.get("to"),
          row.get("firstJournalSeq") + ".." + row.get("lastJournalSeq"),
          row.get("firstOutSeq") + ".." + row.get("lastOutSeq"),
          row.get("build"),
          row.get("models"));
    }
    state.faults().forEach(fault -> out.println("FAULT: " + fault));
    out.flush();
  }

  /** Messages by type, and what they take of the disk. */
  static Map<String, Object> info(JournalDirectory journal, List<TypeCounts> counts) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("journal", journal.path().toString());
    for (TypeCounts count : counts) {
      Map<String, Object> side = new LinkedHashMap<>();
      side.put("oldest", count.oldest().sequence());
      side.put("oldestTime", Decimals.time(count.oldest().time()));
      side.put("head", count.head().sequence());
      side.put("headTime", Decimals.time(count.head().time()));
      side.put("messages", count.messages());
      Map<String, Object> types = new LinkedHashMap<>();
      count.types().forEach(t -> types.put(t.type(), t.messages()));
      side.put("types", types);
      side.put("bytes", count.types().stream().mapToLong(TypeCounts.Count::bytes).sum());
      side.put("disk", disk(journal.path().resolve(count.side().folder())));
      info.put(count.side().folder(), side);
    }
    info.put("models", disk(journal.models()));
    info.put("disk", disk(journal.path()));
    return info;
  }

  private static Map<String, Object> disk(Path path) {
    DiskUse use = DiskUse.of(path);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("files", use.files());
    row.put("allocatedBytes", use.allocated());
    row.put("lengthBytes", use.length());
    return row;
  }

  /** The third queue is in no scan; each of its messages is read and held against its checksum. */
  static List<String> shadowFaults(JournalDirectory journal) {
    if (!Files.isDirectory(journal.path().resolve(Side.SHADOW.folder()))) {
      return List.of();
    }
    try (QueueReader reader = journal.shadowReader()) {
      while (reader.readNext((buffer, offset, length) -> {})) {
        // To the end.
      }
      return List.of();
    } catch (CorruptJournalException e) {
      return List.of(e.getMessage());
    }
  }

  /** How far checksums reach, once everything was read. */
  static void printSums(PrintWriter out, JournalDirectory journal) {
    for (Side side : Side.values()) {
      long right = journal.checkedMessages(side);
      long without = journal.uncheckedMessages(side);
      if (right + without > 0) {
        out.printf(
            "%s: %d message(s) right by checksum%s%n",
            side.folder(),
            right,
            without == 0
                ? ""
                : ", "
                    + without
                    + " without: only 'semnal replay --verify' would see damage of those");
      }
    }
    if (journal.damagedSums() > 0) {
      out.println(
          journal.damagedSums()
              + " of those without have a damaged checksum: once 'semnal replay --verify' says"
              + " identical, delete the .sum files, which the next start makes anew");
    }
  }

  static List<TypeCounts> counts(JournalDirectory journal, ProgressLine progress) {
    List<TypeCounts> counts = new ArrayList<>();
    for (Side side : Side.values()) {
      if (Files.isDirectory(journal.path().resolve(side.folder()))) {
        counts.add(TypeCounts.of(journal, side, progress.recovery()));
      }
    }
    progress.clear();
    return counts;
  }

  static void printInfo(PrintWriter out, JournalDirectory journal, List<TypeCounts> counts) {
    out.println("journal " + journal.path());
    for (TypeCounts count : counts) {
      DiskUse use = DiskUse.of(journal.path().resolve(count.side().folder()));
      out.printf(
          Locale.ROOT,
          "%s: %,d messages, %s %d to %d, %s to %s%n",
          count.side().folder(),
          count.messages(),
          count.side().sequenceName(),
          count.oldest().sequence(),
          count.head().sequence(),
          Decimals.time(count.oldest().time()),
          Decimals.time(count.head().time()));
      out.printf(
          "  %d file(s), %s on disk (their lengths say %s)%n",
          use.files(), bytes(use.allocated()), bytes(use.length()));
      for (TypeCounts.Count type : count.types()) {
        out.printf(
            Locale.ROOT,
            "  %-22s %,15d  %10s%n",
            type.type(),
            type.messages(),
            bytes(type.bytes()));
      }
    }
    out.println("models: " + bytes(DiskUse.of(journal.models()).allocated()) + " on disk");
    out.println("all: " + bytes(DiskUse.of(journal.path()).allocated()) + " on disk");
    out.flush();
  }

  static String bytes(long count) {
    int unit = 0;
    double value = count;
    while (value >= KIB && unit < UNITS.length - 1) {
      value /= KIB;
      unit++;
    }
    return unit == 0 ? count + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
