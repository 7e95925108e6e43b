package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** What the tests of snapshots do between two lives of a journal. */
final class Restart {
  private Restart() {}

  /** Starts again, from the snapshot at that message, and replays to the same bytes. */
  static void assertGoesOnFrom(Path dir, String build, String text, long snapshotSeq) {
    try (LiveRun live = new LiveRun(dir, build, text)) {
      assertThat(live.start.isContinued()).isTrue();
      assertThat(live.start.snapshotSeq()).isEqualTo(snapshotSeq);
      assertThat(live.start.notes()).isEmpty();
      live.quotes(50);
    }
    VerifyResult result = RecoveryTest.verify(dir, build);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
  }

  static void skip(Path dir, long journalSeq) {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      Quarantine.of(journal).skip(journal, journalSeq, "test");
    }
  }
}
