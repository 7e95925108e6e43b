package io.semnal.journal;

import java.util.List;

/**
 * What the verification of one run found.
 *
 * @param run the run
 * @param firstSeq first {@code journalSeq} replayed: the run's header, or what follows a snapshot
 * @param firstOutSeq first {@code outSeq} compared
 * @param lastSeq last {@code journalSeq} replayed; 0 = none
 * @param inbound inbound messages replayed
 * @param outbound outbound messages compared
 * @param bytes of them
 * @param differing how many of them differ
 * @param difference the first of those, or {@code null}
 * @param extra journaled outbound messages that the replay did not say
 * @param unpublished messages that the replay said and that do not stand in the journal
 * @param findings what is wrong, in sentences
 * @param notes what is not wrong but should be known
 * @param notVerified why the run could not be replayed, or {@code null}
 */
public record RunReport(
    RunInfo run,
    long firstSeq,
    long firstOutSeq,
    long lastSeq,
    long inbound,
    long outbound,
    long bytes,
    long differing,
    MessageDifference difference,
    long extra,
    long unpublished,
    List<String> findings,
    List<String> notes,
    String notVerified) {
  public RunReport {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  /** Whether the run was replayed and said the same bytes. */
  public boolean isIdentical() {
    return notVerified == null && findings.isEmpty();
  }
}
