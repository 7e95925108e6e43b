package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.engine.EngineFactory;
import io.semnal.journal.Follower.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
  private static final String BUILD = "build-1";

  @TempDir Path dir;
  private long nanos;

  private Follower follow(LiveRun live, long messages, int keep) {
    return follow(live, TestEngine.factory(), messages, keep);
  }

  private Follower follow(LiveRun live, EngineFactory factory, long messages, int keep) {
    return Follower.of(
        live.journal,
        factory,
        live.start,
        live.journalSeq(),
        live.outSeq(),
        live.found,
        new Follower.Settings(Duration.ofMinutes(10), messages, keep),
        () -> nanos);
  }

  private static void drain(Follower follower) {
    while (follower.doWork() > 0) {
      // Until it has caught up.
    }
  }

  @Test
  void saysTheSameAndKeepsTheNewestSnapshots() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower = follow(live, 100, 3);
      for (int i = 0; i < 10; i++) {
        live.quotes(100);
        drain(follower);
      }
      Follower.Status status = follower.status();
      assertThat(status.state()).isEqualTo(State.FOLLOWING);
      assertThat(status.journalSeq()).isEqualTo(1_001);
      assertThat(status.outSeq()).isEqualTo(live.outSeq());
      assertThat(status.problem()).isNull();
      assertThat(follower.snapshots()).isEqualTo(11);
      // The newest three, and the first: the oldest of those that are not two minutes old.
      assertThat(SnapshotFiles.sequences(live.journal)).containsExactly(1_001L, 901L, 801L, 1L);
      follower.onClose();
    }
    Restart.assertGoesOnFrom(dir, BUILD, "3", 1_001);
  }

  @Test
  void writesSnapshotsByTimeOnlyWhereSomethingCame() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower = follow(live, 1_000_000, 3);
      drain(follower);
      assertThat(SnapshotFiles.sequences(live.journal)).containsExactly(1L);
      nanos += Duration.ofMinutes(11).toNanos();
      drain(follower);
      assertThat(follower.snapshots()).isEqualTo(1);
      live.quotes(5);
      drain(follower);
      assertThat(SnapshotFiles.sequences(live.journal)).containsExactly(6L, 1L);
      live.quotes(5);
      drain(follower);
      assertThat(follower.snapshots()).isEqualTo(2);
      follower.onClose();
    }
  }

  @Test
  void waitsForWhatIsNotPublishedYet() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower = follow(live, 10, 3);
      drain(follower);
      live.holdBack(true).quotes(100);
      long published = live.published();
      drain(follower);
      // It has computed all of it, but a snapshot may not know what nobody has published.
      assertThat(follower.status().journalSeq()).isEqualTo(101);
      assertThat(follower.status().outSeq()).isEqualTo(published);
      assertThat(SnapshotFiles.sequences(live.journal)).containsExactly(1L);
      live.holdBack(false);
      drain(follower);
      assertThat(follower.status().outSeq()).isEqualTo(live.outSeq());
      assertThat(SnapshotFiles.sequences(live.journal)).containsExactly(101L, 1L);
      follower.onClose();
    }
  }

  @Test
  void findsOneWrongByteOfWhatWasPublished() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower = follow(live, 50, 3);
      live.quotes(100);
      drain(follower);
      live.flipOneBitOf(live.outSeq() + 4).quotes(100);
      drain(follower);
      assertThat(follower.status().state()).isEqualTo(State.DIFFERS);
      assertThat(follower.status().problem())
          .contains("outbound message " + live.flipped())
          .contains("differs in");
      assertThat(SnapshotFiles.sequences(live.journal)).doesNotContain(201L).contains(101L);
      live.quotes(100);
      assertThat(follower.doWork()).isZero();
      follower.onClose();
    }
  }

  @Test
  void findsWhatWasPublishedAndIsNotSaid() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower = follow(live, 50, 3);
      live.quotes(60);
      drain(follower);
      live.publishOneTooMany().quotes(1);
      nanos += Duration.ofMinutes(11).toNanos();
      drain(follower);
      assertThat(follower.status().state()).isEqualTo(State.DIFFERS);
      assertThat(follower.status().problem()).contains("the follower does not say it");
      follower.onClose();
    }
  }

  @Test
  void leavesOutWhatIsInQuarantineAndStopsWhereAnEngineDies() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower = follow(live, 10, 3);
      live.quotes(20);
      drain(follower);
      try {
        live.quote(TestEngine.DEADLY);
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("no such price");
      }
      drain(follower);
      assertThat(follower.status().state()).isEqualTo(State.STOPPED);
      assertThat(follower.status().problem()).contains("22");
      assertThat(FatalRecord.read(live.journal).deaths()).isEqualTo(1);
      follower.onClose();
    }
    Restart.skip(dir, 22);
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.snapshotSeq()).isEqualTo(21);
      Follower follower = follow(live, 10, 3);
      live.quotes(20);
      drain(follower);
      assertThat(follower.status().state()).isEqualTo(State.FOLLOWING);
      assertThat(follower.status().journalSeq()).isEqualTo(42);
      follower.onClose();
    }
    Restart.assertGoesOnFrom(dir, BUILD, "3", 42);
  }

  @Test
  void stopsAloneWhereItsEngineCannotBeMade() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      Follower follower =
          follow(
              live,
              (text, models, sink) -> {
                throw new IllegalArgumentException("no such model");
              },
              10,
              3);
      live.quotes(20);
      assertThat(follower.doWork()).isZero();
      assertThat(follower.status().state()).isEqualTo(State.STOPPED);
      assertThat(follower.status().problem()).contains("no such model");
      follower.onClose();
    }
  }

  /** Killed at any place, with the follower at any other: the same bytes as if nothing happened. */
  @Test
  void killsAtRandomPlacesLeaveTheBytesOfAnUninterruptedRun() {
    Random random = new Random(11);
    Path interrupted = dir.resolve("interrupted");
    Path whole = dir.resolve("whole");
    int left = 3_000;
    int fromSnapshot = 0;
    while (left > 0) {
      try (LiveRun live = new LiveRun(interrupted, BUILD, "3")) {
        fromSnapshot += live.start.snapshotSeq() > 1 ? 1 : 0;
        Follower follower = follow(live, 40, 3);
        for (int part = random.nextInt(6); part >= 0 && left > 0; part--) {
          int count = Math.min(left, 1 + random.nextInt(60));
          live.quotes(count);
          left -= count;
          if (random.nextBoolean()) {
            drain(follower);
          }
        }
        if (left > 0 && random.nextBoolean()) {
          int count = Math.min(left, 1 + random.nextInt(30));
          live.publishUpTo(live.outSeq() + random.nextInt(5)).quotes(count);
          left -= count;
          drain(follower);
        }
        follower.onClose();
      }
    }
    new LiveRun(interrupted, BUILD, "3").close();
    try (LiveRun live = new LiveRun(whole, BUILD, "3")) {
      live.quotes(3_000);
    }
    assertThat(fromSnapshot).isGreaterThan(10);
    assertThat(RecoveryTest.outboundHash(interrupted)).isEqualTo(RecoveryTest.outboundHash(whole));
    VerifyResult result = RecoveryTest.verify(interrupted, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
  }
}
