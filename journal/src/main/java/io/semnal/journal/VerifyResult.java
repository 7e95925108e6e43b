package io.semnal.journal;

import java.util.List;

/**
 * The outcome of {@link ReplayVerifier}.
 *
 * @param runs in order
 * @param faults of the journal itself, as {@link JournalScan} names them
 */
public record VerifyResult(List<RunReport> runs, List<String> faults) {
  public VerifyResult {
    runs = List.copyOf(runs);
    faults = List.copyOf(faults);
  }

  /** Whether the journal is sound and every run was replayed and said the same bytes. */
  public boolean isIdentical() {
    return faults.isEmpty() && runs.stream().allMatch(RunReport::isIdentical);
  }

  /** The outcome for a reader at a console, several lines. */
  public String text() {
    StringBuilder text = new StringBuilder();
    faults.forEach(fault -> line(text, "journal: " + fault));
    for (RunReport run : runs) {
      describe(text, run);
    }
    long inbound = runs.stream().mapToLong(RunReport::inbound).sum();
    long outbound = runs.stream().mapToLong(RunReport::outbound).sum();
    long differing = runs.stream().mapToLong(RunReport::differing).sum();
    long skipped = runs.stream().filter(r -> r.notVerified() != null).count();
    long bytes = runs.stream().mapToLong(RunReport::bytes).sum();
    String counts =
        runs.size()
            + " run(s), "
            + inbound
            + " inbound messages replayed, "
            + outbound
            + " outbound messages compared, "
            + bytes
            + " bytes";
    if (isIdentical()) {
      line(text, "identical: " + counts);
    } else {
      line(
          text,
          "NOT identical: "
              + counts
              + ", "
              + differing
              + " differ"
              + (skipped > 0 ? ", " + skipped + " run(s) not verified" : ""));
    }
    return text.toString();
  }

  private static void describe(StringBuilder text, RunReport report) {
    String name = "run " + report.run().runId();
    if (report.notVerified() != null) {
      line(text, name + ": not verified: " + report.notVerified());
    } else {
      line(
          text,
          name
              + ": inbound "
              + report.firstSeq()
              + " to "
              + report.lastSeq()
              + ", outbound from "
              + report.firstOutSeq()
              + ": "
              + report.outbound()
              + " compared ("
              + report.bytes()
              + " bytes), "
              + report.differing()
              + " differ, "
              + report.extra()
              + " extra, "
              + report.unpublished()
              + " not published");
    }
    report.findings().forEach(finding -> line(text, "  " + finding));
    report.notes().forEach(note -> line(text, "  note: " + note));
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
