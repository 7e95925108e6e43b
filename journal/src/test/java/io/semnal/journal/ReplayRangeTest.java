package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ScoreDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of 200 quotes, with a snapshot behind the first 90. */
class ReplayRangeTest {
  private static final String BUILD = "build-1";

  @TempDir Path root;
  private Path dir;
  private long snapshotSeq;
  private long snapshotOutSeq;
  private long lastOutSeq;

  @BeforeEach
  void journalARun() {
    dir = root.resolve("journal");
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(90);
      Snapshots.takeAtEnd(live.journal, live.start.engine(), 3);
      snapshotSeq = live.journalSeq();
      snapshotOutSeq = live.outSeq();
      live.quotes(110);
      lastOutSeq = live.outSeq();
    }
  }

  private VerifyResult verify(ReplayRange range) {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      return ReplayVerifier.verify(
          journal, TestEngine.factory(), BUILD, range, (b, o, n) -> {}, Progress.NONE);
    }
  }

  /** Outbound messages as they stand in the journal. */
  private List<byte[]> published() {
    List<byte[]> messages = new ArrayList<>();
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        QueueReader reader = journal.outboundReader()) {
      while (reader.readNext(
          (buffer, offset, length) -> {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            messages.add(bytes);
          })) {
        // To the end.
      }
    }
    return messages;
  }

  @Test
  void countsBytes() {
    long bytes = published().stream().mapToLong(m -> m.length).sum();
    VerifyResult result = verify(ReplayRange.ALL);
    assertThat(result.runs().getFirst().bytes()).isEqualTo(bytes);
    assertThat(result.text()).contains("compared, " + bytes + " bytes");
  }

  @Test
  void beginsAtTheSnapshotBefore() {
    VerifyResult result = verify(new ReplayRange(snapshotSeq + 20, snapshotSeq + 50));
    RunReport report = result.runs().getFirst();
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    assertThat(report.firstSeq()).isEqualTo(snapshotSeq + 1);
    assertThat(report.lastSeq()).isEqualTo(snapshotSeq + 50);
    assertThat(report.inbound()).isEqualTo(50);
    long expected =
        published().stream()
            .map(org.agrona.concurrent.UnsafeBuffer::new)
            .filter(m -> MessageLayout.outSeq(m, 0) > snapshotOutSeq)
            .filter(m -> MessageLayout.causeSeq(m, 0) <= snapshotSeq + 50)
            .count();
    assertThat(report.outbound()).isEqualTo(expected).isPositive();
  }

  @Test
  void beginsAtTheHeaderWhereTheSnapshotHoldsTheFirstMessageAlready() {
    RunReport report = verify(new ReplayRange(snapshotSeq, snapshotSeq)).runs().getFirst();
    assertThat(report.firstSeq()).isEqualTo(1);
    assertThat(report.inbound()).isEqualTo(snapshotSeq);
  }

  @Test
  void looksBehindTheSnapshotOnly() throws Exception {
    int at = MessageLayout.HEADER + ScoreDecoder.buyEncodingOffset();
    JournalSurgery.flip(dir, Side.OUTBOUND, 4, at);
    assertThat(verify(new ReplayRange(snapshotSeq + 1, Long.MAX_VALUE)).isIdentical()).isTrue();
    JournalSurgery.Undo undo = JournalSurgery.flip(dir, Side.OUTBOUND, lastOutSeq, at);
    assertThat(verify(new ReplayRange(snapshotSeq + 1, Long.MAX_VALUE)).isIdentical()).isFalse();
    undo.run();
    assertThat(verify(ReplayRange.ALL).isIdentical()).isFalse();
  }

  @Test
  void findsMessagesByTheirTime() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      // Message n was stamped with START + n seconds.
      long tenth = Messages.START + 10 * Messages.SECOND;
      long twentieth = Messages.START + 20 * Messages.SECOND;
      assertThat(ReplayRange.ofTimes(journal, tenth, twentieth)).isEqualTo(new ReplayRange(10, 20));
      assertThat(ReplayRange.ofTimes(journal, tenth - 1, twentieth + 1))
          .isEqualTo(new ReplayRange(10, 20));
      assertThat(ReplayRange.ofTimes(journal, Long.MIN_VALUE, twentieth))
          .isEqualTo(ReplayRange.upTo(20));
      assertThat(ReplayRange.ofTimes(journal, tenth, Long.MAX_VALUE))
          .isEqualTo(new ReplayRange(10, Long.MAX_VALUE));
      assertThatThrownBy(() -> ReplayRange.ofTimes(journal, tenth + 1, tenth + 2))
          .hasMessageContaining("no inbound message in that time");
      long behind = Messages.START + 10_000 * Messages.SECOND;
      assertThatThrownBy(() -> ReplayRange.ofTimes(journal, behind, Long.MAX_VALUE))
          .hasMessageContaining("no inbound message in that time");
    }
  }

  @Test
  void hashesWhatIsSaidLikeWhatStandsInTheJournal() throws Exception {
    java.security.MessageDigest digest = java.security.MessageDigest.getInstance("SHA-256");
    published().forEach(digest::update);
    String expected = java.util.HexFormat.of().formatHex(digest.digest());
    JournalHash said = new JournalHash();
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      ReplayVerifier.verify(
          journal, TestEngine.factory(), BUILD, ReplayRange.ALL, said, Progress.NONE);
    }
    assertThat(said.messages()).isEqualTo(lastOutSeq);
    assertThat(said.hex()).isEqualTo(expected);
  }

  @Test
  void standsWhereItIsTold() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      SnapshotChoice snapshots = SnapshotChoice.of(journal);
      JournalState state = JournalScan.scan(journal, snapshots, null, Progress.NONE);
      for (long until : new long[] {1, 40, snapshotSeq, snapshotSeq + 1, 180}) {
        RunReplay.Result result =
            RunReplay.playTo(
                journal,
                TestEngine.factory(),
                state,
                snapshots,
                until,
                engine -> {},
                Progress.NONE);
        assertThat(result.difference()).isNull();
        assertThat(result.lastSeq()).isEqualTo(until);
      }
      assertThatThrownBy(
              () ->
                  RunReplay.playTo(
                      journal,
                      TestEngine.factory(),
                      state,
                      snapshots,
                      5_000,
                      engine -> {},
                      Progress.NONE))
          .hasMessageContaining("no run has an inbound message 5000");
    }
  }
}
