package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three snapshots, at 101, 201 and 301, and 50 quotes behind the last; then something happens. */
class SnapshotRecoveryTest {
  private static final String BUILD = "build-1";

  @TempDir Path root;
  private Path dir;
  private long nanos;

  @BeforeEach
  void journalSome() throws IOException {
    dir = root.resolve("journal");
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower = follow(live);
      for (int i = 0; i < 3; i++) {
        live.quotes(100);
        drain(follower);
      }
      live.quotes(50);
      // The first one is to be the old one some day; these tests are about three.
      assertThat(SnapshotFiles.sequences(live.journal)).containsExactly(301L, 201L, 101L, 1L);
      follower.onClose();
    }
    Files.delete(file(1));
  }

  private Follower follow(LiveRun live) {
    return Follower.of(
        live.journal,
        TestEngine.factory(),
        live.start,
        live.journalSeq(),
        live.outSeq(),
        live.found,
        new Follower.Settings(Duration.ofMinutes(10), 100, 3),
        () -> nanos);
  }

  private static void drain(Follower follower) {
    while (follower.doWork() > 0) {
      // Until it has caught up.
    }
  }

  private Path file(long sequence) {
    return dir.resolve("snapshots").resolve("%019d.snap".formatted(sequence));
  }

  /** What it goes on from, and that it goes on rightly. */
  private long snapshotTaken(String... notes) {
    long taken;
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.isContinued()).isTrue();
      taken = live.start.snapshotSeq();
      assertThat(live.start.notes()).hasSize(notes.length);
      for (int i = 0; i < notes.length; i++) {
        assertThat(live.start.notes().get(i)).contains(notes[i]);
      }
      live.quotes(20);
    }
    VerifyResult result = RecoveryTest.verify(dir, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    return taken;
  }

  @Test
  void concludesFromASnapshotWhatAWholeScanConcludes() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      JournalState whole = JournalScan.scan(journal, null, Progress.NONE);
      SourceRegistry sources = new SourceRegistry();
      JournalState tail =
          JournalScan.scan(journal, SnapshotChoice.of(journal), sources, Progress.NONE);
      assertThat(tail.inbound()).isEqualTo(whole.inbound());
      assertThat(tail.outbound()).isEqualTo(whole.outbound());
      assertThat(tail.lastCauseSeq()).isEqualTo(whole.lastCauseSeq());
      assertThat(tail.statusStreamSeq()).isEqualTo(whole.statusStreamSeq());
      assertThat(tail.runs()).hasSize(1);
      assertThat(tail.lastRun().engineText()).isEqualTo("3");
      assertThat(tail.runEnds()).isEqualTo(whole.runEnds());
      assertThat(tail.models()).usingRecursiveComparison().isEqualTo(whole.models());
      assertThat(tail.resumable()).isEqualTo(whole.resumable());
      assertThat(tail.faults()).isEmpty();
    }
  }

  @Test
  void readsNothingThatLiesBeforeTheSnapshot() throws Exception {
    // A wrong byte there would end a replay from the header.
    int ticks = MessageLayout.HEADER + BarDecoder.ticksEncodingOffset();
    JournalSurgery.flip(dir, Side.OUTBOUND, 2, ticks);
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.snapshotSeq()).isEqualTo(301);
    }
    for (long sequence : new long[] {101, 201, 301}) {
      Files.delete(file(sequence));
    }
    assertThatThrownBy(() -> new LiveRun(dir, BUILD, "3"))
        .isInstanceOf(CorruptJournalException.class)
        .hasMessageContaining("outbound message 2 is not what was written");
  }

  @Test
  void takesTheNextOlderOneWhereOneIsDamaged() throws IOException {
    byte[] bytes = Files.readAllBytes(file(301));
    for (int at = 0; at < bytes.length; at += Math.max(1, bytes.length / 40)) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 4;
      assertThatThrownBy(() -> Snapshot.decode(damaged)).isInstanceOf(JournalException.class);
      byte[] cut = java.util.Arrays.copyOf(bytes, at);
      assertThatThrownBy(() -> Snapshot.decode(cut)).isInstanceOf(JournalException.class);
    }
    bytes[bytes.length / 2] ^= 1;
    Files.write(file(301), bytes);
    assertThat(snapshotTaken("0301.snap is left out: its checksum is wrong")).isEqualTo(201);
  }

  @Test
  void replaysFromTheHeaderWhereNoneServes() throws IOException {
    Files.write(file(301), new byte[0]);
    Files.write(file(201), "semnsnap".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    byte[] newer = Files.readAllBytes(file(101));
    newer[8] = 2;
    Files.write(file(101), newer);
    assertThat(
            snapshotTaken(
                "it is no snapshot", "it is no snapshot", "it has format 2; this build reads"))
        .isZero();
  }

  @Test
  void leavesOutTheSnapshotOfAnotherJournal() throws IOException {
    Path other = root.resolve("other");
    try (LiveRun live = new LiveRun(other, BUILD, "3")) {
      Follower follower = follow(live);
      live.quote(5).quotes(229);
      drain(follower);
      live.quotes(100);
      drain(follower);
      follower.onClose();
    }
    Files.copy(other.resolve("snapshots").resolve("%019d.snap".formatted(331)), file(331));
    // The status, 110 bars and 94 scores.
    assertThat(snapshotTaken("outbound message 205 is missing or another one")).isEqualTo(301);
  }

  @Test
  void deletesSnapshotsAheadOfARestoredJournal() throws IOException {
    Path restored = root.resolve("restored");
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      assertThat(journal.inboundReader().head().sequence()).isEqualTo(351);
    }
    JournalSurgery.copyUpTo(dir, restored, 250);
    Files.createDirectories(restored.resolve("snapshots"));
    for (long sequence : new long[] {101, 201, 301}) {
      Files.copy(
          file(sequence), restored.resolve("snapshots").resolve(file(sequence).getFileName()));
    }
    dir = restored;
    assertThat(snapshotTaken("inbound message 301 is missing")).isEqualTo(201);
    assertThat(file(301)).doesNotExist();
    assertThat(file(201)).exists();
  }

  @Test
  void leavesOutSnapshotsThatKnowAMessageWhichIsInQuarantineNow() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower = follow(live);
      live.clock().quotes(100);
      drain(follower);
      follower.onClose();
    }
    assertThat(file(452)).exists();
    Restart.skip(dir, 352);
    assertThat(snapshotTaken("the snapshot at 452 is left out: a message before it was put"))
        .isEqualTo(351);
  }

  @Test
  void trustsOnlyOldSnapshotsAfterTheMachineWasStartedAnew() throws IOException {
    SnapshotFiles files;
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      files = new SnapshotFiles(journal);
      assertThat(SnapshotChoice.of(journal, "another").newest()).isNull();
      assertThat(SnapshotChoice.of(journal, "").newest()).isNull();
      assertThat(SnapshotChoice.of(journal).newest().journalSeq()).isEqualTo(301);
      Snapshot oldest = files.read(101);
      files.write(made(oldest, oldest.wallTime() - SnapshotChoice.WRITTEN_BACK.toNanos()), 3);
      SnapshotChoice choice = SnapshotChoice.of(journal, "another");
      assertThat(choice.newest().journalSeq()).isEqualTo(101);
      assertThat(choice.notes()).hasSize(2);
    }
  }

  /** One a half minute, of which the newest two alone would all be too young. */
  @Test
  void keepsOneThatServesAfterTheMachineWasStartedAnewHoweverQuicklyTheyCome() {
    int keep = 2;
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      SnapshotFiles files = new SnapshotFiles(journal);
      Snapshot real = files.read(301);
      long start = real.wallTime();
      long old = Duration.ofMinutes(2).toNanos();
      for (int i = 1; i <= 40; i++) {
        long now = start + i * Duration.ofSeconds(30).toNanos();
        files.write(at(real, 301 + i, now), keep);
        List<Long> kept = files.newestFirst();
        assertThat(kept).hasSizeLessThanOrEqualTo(keep + 2).contains(301L + i);
        assertThat(kept.get(1)).isEqualTo(i == 1 ? 301 : 300 + i);
        if (now - start >= old) {
          assertThat(kept)
              .as("after " + i)
              .anySatisfy(s -> assertThat(now - files.read(s).wallTime()).isBetween(old, 3 * old));
        }
      }
    }
  }

  @Test
  void startsFromTheOldOneWhereTheNewestWereAllMadeJustBeforeTheCrash() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      SnapshotFiles files = new SnapshotFiles(journal);
      long now = files.read(301).wallTime();
      files.write(made(files.read(101), now - Duration.ofSeconds(200).toNanos()), 3);
      files.write(made(files.read(201), now - Duration.ofSeconds(100).toNanos()), 3);
      files.write(made(files.read(301), now), 1);
      assertThat(files.newestFirst()).containsExactly(301L, 201L, 101L);
      assertThat(SnapshotChoice.of(journal, "another").newest().journalSeq()).isEqualTo(101);
    }
  }

  private static Snapshot made(Snapshot s, long wallTime) {
    return at(s, s.journalSeq(), wallTime);
  }

  private static Snapshot at(Snapshot s, long journalSeq, long wallTime) {
    return new Snapshot(
        s.build(),
        s.runId(),
        s.epoch(),
        s.engineHash(),
        journalSeq,
        s.outSeq(),
        s.time(),
        wallTime,
        s.bootId(),
        s.inboundSum(),
        s.outboundSum(),
        s.quarantined(),
        s.journalBytes(),
        s.engineBytes());
  }

  @Test
  void fallsBackWhereAStateIsWrongOrNotTheEngines() throws IOException {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      SnapshotFiles files = new SnapshotFiles(journal);
      Snapshot newest = files.read(301);
      byte[] state = newest.engineBytes().clone();
      state[state.length - 1] ^= 1;
      files.write(withState(newest, state), 3);
      Snapshot second = files.read(201);
      files.write(withState(second, new byte[] {1, 2, 3}), 3);
    }
    assertThat(
            snapshotTaken(
                "the snapshot at 301 is left out: the engine does not say again",
                "the snapshot at 201 is left out"))
        .isEqualTo(101);
  }

  private static Snapshot withState(Snapshot s, byte[] state) {
    return new Snapshot(
        s.build(),
        s.runId(),
        s.epoch(),
        s.engineHash(),
        s.journalSeq(),
        s.outSeq(),
        s.time(),
        s.wallTime(),
        s.bootId(),
        s.inboundSum(),
        s.outboundSum(),
        s.quarantined(),
        s.journalBytes(),
        state);
  }

  @Test
  void aChangedConfigurationBeginsANewRunWithWhatTheOldOneHadNotPublished() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.publishUpTo(live.outSeq() + 3).quotes(40);
    }
    long said = RecoveryTest.scan(dir).outbound().sequence();
    try (LiveRun live = new LiveRun(dir, BUILD, "4")) {
      assertThat(live.start.isContinued()).isFalse();
      // The 351st to 390th quote: 14 bars and 10 scores, of which 3 messages had come out.
      assertThat(live.start.run().outSeqBefore()).isEqualTo(said + 14 + 10 - 3);
      live.quotes(40);
    }
    VerifyResult result = RecoveryTest.verify(dir, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
  }

  @Test
  void anotherBuildsSnapshotServesTheScanAndNotTheEngine() {
    try (LiveRun live = new LiveRun(dir, "build-2", "3")) {
      assertThat(live.start.isContinued()).isFalse();
      assertThat(live.start.run().runId()).isEqualTo(2);
      live.quotes(30);
    }
    assertThat(RecoveryTest.verify(dir, "build-2").runs().get(1).isIdentical()).isTrue();
  }

  @Test
  void aSnapshotAtTheEndLeavesNothingToReplay() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(10);
      assertThat(Snapshots.takeAtEnd(live.journal, live.start.engine(), 3)).isTrue();
      assertThat(Snapshots.takeAtEnd(live.journal, live.start.engine(), 3)).isFalse();
      assertThat(Snapshots.takeAtEnd(live.journal, live.start.engine(), 0)).isFalse();
    }
    assertThat(snapshotTaken()).isEqualTo(361);
  }
}
