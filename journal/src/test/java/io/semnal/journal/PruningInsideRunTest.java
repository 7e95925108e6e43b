package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import net.openhft.chronicle.core.time.SetTimeProvider;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal of one run over several files, with a snapshot every 100 messages. */
class PruningInsideRunTest {
  private static final String ROLL = "TEST_SECONDLY";
  private static final String BUILD = "build-1";
  private static final int PER_FILE = 300;
  private static final int FILES = 4;
  private static final int KEEP = 2;

  @TempDir Path root;
  private final SetTimeProvider clock = new SetTimeProvider();
  private Path dir;

  /** One run that goes on over several files, which roll by the clock. */
  private void journalOneRun() {
    dir = root.resolve("journal");
    clock.currentTimeMillis(System.currentTimeMillis() - Duration.ofHours(1).toMillis());
    try (LiveRun live = new LiveRun(dir, BUILD, "3", ROLL, clock)) {
      Follower follower = follow(live);
      for (int file = 0; file < FILES; file++) {
        quotes(live, follower, PER_FILE);
        clock.advanceMillis(1_000);
      }
      quotes(live, follower, 10);
      follower.onClose();
    }
  }

  private static void quotes(LiveRun live, Follower follower, int count) {
    for (int i = 0; i < count; i++) {
      live.quotes(1);
      while (follower.doWork() > 0) {
        // Until it has caught up: a snapshot falls due at the same messages every time.
      }
    }
  }

  private static Follower follow(LiveRun live) {
    return Follower.of(
        live.journal,
        TestEngine.factory(),
        live.start,
        live.journalSeq(),
        live.outSeq(),
        live.found,
        new Follower.Settings(Duration.ofDays(1), 100, KEEP),
        () -> 0);
  }

  private PruningPlan plan(JournalDirectory journal, long before) {
    JournalState state = JournalScan.scan(journal, null, Progress.NONE).requireSound();
    return PruningPlan.of(journal, state, before, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Engine time of an inbound message. */
  private static long time(long journalSeq) {
    return Messages.START + journalSeq * Messages.SECOND;
  }

  private PruningPlan prune(long before) {
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL)) {
      PruningPlan plan = plan(journal, before);
      Pruning.carryOut(journal, plan);
      return plan;
    }
  }

  private List<Long> snapshots() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      return SnapshotFiles.sequences(journal);
    }
  }

  private List<String> outbound(Path path, long from) {
    List<String> messages = new ArrayList<>();
    try (JournalDirectory journal = JournalDirectory.openReadOnly(path);
        QueueReader reader = journal.outboundReader()) {
      reader.seekToSequence(from);
      while (reader.readNext(
          (buffer, offset, length) -> {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            messages.add(HexFormat.of().formatHex(bytes));
          })) {
        // To the end.
      }
    }
    return messages;
  }

  private void damage(long snapshot) throws IOException {
    Path file = dir.resolve("snapshots").resolve("%019d.snap".formatted(snapshot));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void beginsAtASnapshotAndGoesOnAsIfNothingWasRemoved() throws Exception {
    journalOneRun();
    // Beyond the newest two, one for each file that can begin a journal.
    assertThat(snapshots()).hasSizeBetween(FILES, FILES + KEEP);
    long wanted = 2L * PER_FILE + 250;
    long allocated = DiskUse.of(dir).allocated();

    PruningPlan plan = prune(time(wanted));

    long floor = plan.snapshotSeq();
    assertThat(floor).isBetween((long) PER_FILE, wanted);
    assertThat(plan.journalSeq()).isEqualTo(floor + 1);
    assertThat(plan.inbound()).hasSizeGreaterThanOrEqualTo(1);
    plan.files().subList(0, plan.inbound().size() - 1).forEach(f -> assertThat(f).doesNotExist());
    assertThat(DiskUse.of(dir).allocated()).isLessThan(allocated);
    verifies(floor);

    // Newer snapshots come, and the one at the floor is not among those that go.
    try (LiveRun live = new LiveRun(dir, BUILD, "3", ROLL, clock)) {
      assertThat(live.start.isContinued()).isTrue();
      Follower follower = follow(live);
      quotes(live, follower, 500);
      follower.onClose();
    }
    assertThat(snapshots()).contains(floor);
    for (long newer : snapshots()) {
      if (newer != floor) {
        damage(newer);
      }
    }
    try (LiveRun live = new LiveRun(dir, BUILD, "3", ROLL, clock)) {
      assertThat(live.start.isContinued()).isTrue();
      assertThat(live.start.snapshotSeq()).isEqualTo(floor);
      live.quotes(50);
    }
    verifies(floor);
    sameAsOneThatWasNeverPruned(plan.outSeq());

    // A start after a crash of the machine trusts it: the pruning had it written to the disk.
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL)) {
      assertThat(SnapshotChoice.of(journal, "another").newest().journalSeq()).isEqualTo(floor);
      assertThatThrownBy(() -> Quarantine.of(journal).skip(journal, floor, "why"))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("lies before the snapshot at " + floor);
    }
    withoutItsSnapshotItIsRefusedAndANewRunBegins(floor);
  }

  private void verifies(long floor) {
    VerifyResult result = RecoveryTest.verify(dir, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    assertThat(result.text())
        .contains("from the snapshot at inbound message " + floor + "; what lies before it was")
        .contains("inbound " + (floor + 1) + " to ");
    long head;
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        QueueReader reader = journal.inboundReader()) {
      head = reader.head().sequence();
    }
    assertThat(result.runs().getFirst().inbound()).isEqualTo(head - floor);
  }

  private void sameAsOneThatWasNeverPruned(long outSeq) {
    Path twin = root.resolve("twin");
    try (LiveRun live = new LiveRun(twin, BUILD, "3")) {
      live.quotes(FILES * PER_FILE + 10 + 500 + 50);
    }
    assertThat(outbound(dir, outSeq)).isEqualTo(outbound(twin, outSeq)).hasSizeGreaterThan(100);
  }

  private void withoutItsSnapshotItIsRefusedAndANewRunBegins(long floor) throws IOException {
    damage(floor);
    assertThatThrownBy(() -> RecoveryTest.verify(dir, BUILD))
        .isInstanceOf(CorruptJournalException.class)
        .hasMessageContaining("begins with the snapshot at inbound message " + floor)
        .hasMessageContaining("checksum");
    try (LiveRun live = new LiveRun(dir, BUILD, "3", ROLL, clock)) {
      assertThat(live.start.isContinued()).isFalse();
      assertThat(String.join("\n", live.start.notes())).contains("lost its beginning to a pruning");
    }
  }

  /** A server that prunes again and again, while something in it still has the old files open. */
  @Test
  void canBePrunedAgainByTheProcessThatDidBefore() {
    journalOneRun();
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL)) {
      List<SingleChronicleQueueStore> open = new ArrayList<>();
      for (Side side : List.of(Side.INBOUND, Side.OUTBOUND)) {
        SingleChronicleQueue queue = journal.queue(side).queue();
        QueueFiles.found(journal.queue(side))
            .forEach(f -> open.add(queue.storeForCycle(f.cycle(), 0, false, null)));
      }
      List<PruningPlan> plans = new ArrayList<>();
      // Of the files that the first pruning removes, the last one has no header in it.
      for (long before : List.of(time(2L * PER_FILE + 250), Long.MAX_VALUE)) {
        SnapshotChoice snapshots = SnapshotChoice.of(journal);
        PruningPlan plan =
            PruningPlan.of(
                journal,
                JournalScan.scan(journal, snapshots, null, Progress.NONE).requireSound(),
                before,
                Long.MAX_VALUE,
                Long.MAX_VALUE);
        Pruning.carryOut(journal, plan);
        assertThat(plan.isEmpty()).isFalse();
        plans.add(plan);
        // Its own readers see the file that stands for those removed.
        assertThat(JournalScan.scan(journal, null, Progress.NONE).requireSound().runs()).hasSize(1);
      }
      assertThat(plans).extracting(PruningPlan::snapshotSeq).doesNotHaveDuplicates();
      open.forEach(SingleChronicleQueueStore::close);
    }
    verifies(Floor.read(dir).snapshotSeq());
    try (LiveRun live = new LiveRun(dir, BUILD, "3", ROLL, clock)) {
      assertThat(live.start.isContinued()).isTrue();
    }
  }

  @Test
  void removesNothingIfTheSnapshotDoesNotServe() throws Exception {
    journalOneRun();
    long wanted = 3L * PER_FILE;
    List<Path> before = QueueFiles.list(dir.resolve("inbound"));
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL)) {
      PruningPlan plan = plan(journal, time(wanted));
      assertThat(plan.snapshotSeq()).isPositive();
      damage(plan.snapshotSeq());
      assertThatThrownBy(() -> Pruning.carryOut(journal, plan))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("checksum");
      assertThat(journal.floor()).isEqualTo(Floor.NONE);
      assertThat(plan(journal, time(wanted)).snapshotSeq()).isLessThan(plan.snapshotSeq());
      for (long sequence : SnapshotFiles.sequences(journal)) {
        if (sequence != plan.snapshotSeq()) {
          damage(sequence);
        }
      }
      assertThat(plan(journal, time(wanted)).isEmpty()).isTrue();
    }
    assertThat(QueueFiles.list(dir.resolve("inbound"))).isEqualTo(before);
    assertThat(RecoveryTest.verify(dir, BUILD).isIdentical()).isTrue();
  }

  /** Of evenly spaced ones no gap grows beyond what keeping half of them needs. */
  @Test
  void thinsWhereSnapshotsLieClosest() {
    List<Long> all = LongStream.rangeClosed(1, 64).boxed().toList();
    List<Long> left = SnapshotFiles.thinned(all, 32);
    assertThat(left).hasSize(32).contains(1L, 64L).isSorted();
    for (int i = 1; i < left.size(); i++) {
      assertThat(left.get(i) - left.get(i - 1)).isLessThanOrEqualTo(3);
    }
    assertThat(SnapshotFiles.thinned(List.of(1L, 100L, 101L, 200L), 3))
        .containsExactly(1L, 101L, 200L);
  }
}
