package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ModelDefinitionEncoder;
import io.semnal.protocol.sbe.ScoreEncoder;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.core.time.SetTimeProvider;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal of four runs, 300 quotes each, whose files roll between them, by a clock of its own.
 */
class PruningTest {
  private static final String ROLL = "TEST_SECONDLY";
  private static final int QUOTES = 300;

  @TempDir Path dir;
  private final SetTimeProvider clock = new SetTimeProvider();
  private List<RunInfo> runs;

  @BeforeEach
  void journalFourRuns() {
    clock.currentTimeMillis(System.currentTimeMillis() - Duration.ofHours(1).toMillis());
    for (int run = 1; run <= 4; run++) {
      try (LiveRun live = new LiveRun(dir, "build-1", Integer.toString(run + 1), ROLL, clock)) {
        live.quotes(QUOTES).endInOrder();
      }
      clock.advanceMillis(1_000);
    }
    runs = state().runs();
    assertThat(runs).hasSize(4);
  }

  private JournalState state() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      return JournalScan.scan(journal, new SourceRegistry(), Progress.NONE).requireSound();
    }
  }

  private PruningPlan plan(JournalDirectory journal, long before, long most) {
    JournalState state = JournalScan.scan(journal, null, Progress.NONE).requireSound();
    return PruningPlan.of(journal, state, before, most, Long.MAX_VALUE);
  }

  private PruningPlan prune(long before) {
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL)) {
      PruningPlan plan = plan(journal, before, Long.MAX_VALUE);
      Pruning.carryOut(journal, plan);
      return plan;
    }
  }

  /** The wanted run must not warm up with what goes: TestEngine's warm-up is 50 s of quotes. */
  @Test
  void keepsTheRunAndWhatWarmsItUpAndReplaysTheRest() throws Exception {
    JournalState whole = state();
    VerifyResult all = RecoveryTest.verify(dir, "build-1");
    assertThat(all.isIdentical()).isTrue();
    RunInfo third = runs.get(2);
    long warm = third.warmFromSeq();
    assertThat(warm).isBetween(runs.get(1).headerSeq() + 1, third.headerSeq() - 1);
    long before = DiskUse.of(dir).allocated();

    PruningPlan plan = prune(third.time());

    assertThat(plan.journalSeq()).isEqualTo(third.headerSeq());
    assertThat(plan.files()).isNotEmpty();
    assertThat(DiskUse.of(dir).allocated()).isLessThan(before);
    JournalState rest = state();
    assertThat(rest.runs())
        .extracting(RunInfo::headerSeq)
        .containsExactly(runs.get(2).headerSeq(), runs.get(3).headerSeq());
    assertThat(rest.inbound()).isEqualTo(whole.inbound());
    assertThat(rest.outbound()).isEqualTo(whole.outbound());
    assertThat(rest.statusStreamSeq()).isEqualTo(whole.statusStreamSeq());
    assertThat(rest.instruments()).isEqualTo(whole.instruments());
    VerifyResult verified = RecoveryTest.verify(dir, "build-1");
    assertThat(verified.isIdentical()).as(verified.text()).isTrue();
    assertThat(verified.runs()).hasSize(2);
    assertThat(verified.runs().getFirst().inbound()).isEqualTo(QUOTES + 1);
    // Every message from the floor on is there, and of warm-up from its first on.
    try (JournalReader reader = JournalReader.open(dir, Side.INBOUND)) {
      assertThat(reader.seekToSequence(warm)).isTrue();
      assertThat(reader.nextDecoded().orElseThrow().sequence()).isEqualTo(warm);
    }
  }

  @Test
  void goesOnAfterwardsAndCanBePrunedAgain() throws Exception {
    prune(runs.get(1).time());
    try (LiveRun live = new LiveRun(dir, "build-1", "5", ROLL, clock)) {
      assertThat(live.start.isContinued()).isTrue();
      live.quotes(10).endInOrder();
    }
    clock.advanceMillis(1_000);
    try (LiveRun live = new LiveRun(dir, "build-1", "7", ROLL, clock)) {
      assertThat(live.start.isContinued()).isFalse();
      live.quotes(100).endInOrder();
    }
    prune(runs.get(3).time());
    assertThat(state().runs()).hasSize(2);
    VerifyResult verified = RecoveryTest.verify(dir, "build-1");
    assertThat(verified.isIdentical()).as(verified.text()).isTrue();
  }

  @Test
  void tellsResumingClientsWhereItBegins() {
    long wanted = runs.get(2).outSeqBefore() + 1;
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL);
        OutboundJournal history = new OutboundJournal(journal)) {
      assertThat(history.oldest()).isEqualTo(1);
      Pruning.carryOut(journal, plan(journal, runs.get(2).time(), Long.MAX_VALUE));
      assertThat(history.oldest()).isEqualTo(wanted);
      try (QueueReader reader = history.open(wanted - 1)) {
        List<Long> read = new ArrayList<>();
        while (reader.readNext((b, o, n) -> read.add(Side.OUTBOUND.sequence(b, o)))) {}
        assertThat(read.getFirst()).isEqualTo(wanted);
        assertThat(read).hasSize((int) (history.head() - wanted + 1));
      }
    }
  }

  @Test
  void leavesFilesThatAReaderOfThisOrAnotherProcessStandsIn() throws Exception {
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL)) {
      try (QueueReader slow = journal.outboundReader();
          QueueReader slowIn = journal.inboundReader()) {
        slow.readNext((b, o, n) -> {});
        slowIn.readNext((b, o, n) -> {});
        PruningPlan none = plan(journal, Long.MAX_VALUE, 0);
        assertThat(none.isEmpty()).isTrue();
        assertThat(none.note()).contains("one is being read");
      }
      try (ChildJvm child = ChildJvm.start(Reading.class, dir.toString())) {
        child.awaitLine("reading");
        assertThat(plan(journal, Long.MAX_VALUE, 0).isEmpty()).isTrue();
        child.process().destroyForcibly().waitFor();
      }
      assertThat(plan(journal, Long.MAX_VALUE, 0).isEmpty()).isFalse();
    }
  }

  /** Reads one message of each queue, and stays there. */
  static final class Reading {
    private Reading() {}

    public static void main(String[] args) throws Exception {
      try (JournalReader reader = JournalReader.openBoth(Path.of(args[0]))) {
        reader.nextDecoded();
        System.out.println("reading");
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void prunesBySizeAsFarAsItMust() {
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL)) {
      long total =
          DiskUse.of(dir.resolve("inbound")).allocated()
              + DiskUse.of(dir.resolve("outbound")).allocated();
      assertThat(plan(journal, Long.MIN_VALUE, total).isEmpty()).isTrue();
      PruningPlan some = plan(journal, Long.MIN_VALUE, total - 1);
      assertThat(some.journalSeq()).isIn(runs.get(1).headerSeq(), runs.get(2).headerSeq());
      PruningPlan most = plan(journal, Long.MIN_VALUE, 0);
      assertThat(most.journalSeq()).isEqualTo(runs.get(3).headerSeq());
      // What a new run would warm up with stays, whatever is wished.
      JournalState state = JournalScan.scan(journal, null, Progress.NONE);
      assertThat(PruningPlan.of(journal, state, Long.MAX_VALUE, 0, runs.get(2).time()).journalSeq())
          .isEqualTo(runs.get(2).headerSeq());
    }
  }

  @Test
  void compactingGivesBackWhatWasReadiedBehindTheLastRecord() throws Exception {
    List<Path> files = QueueFiles.list(dir.resolve("inbound"));
    Path rolled = files.getFirst();
    int readied = 32 << 20;
    try (RandomAccessFile file = new RandomAccessFile(rolled.toFile(), "rw")) {
      file.seek(file.length() - readied);
      file.write(new byte[readied]);
    }
    VerifyResult before = RecoveryTest.verify(dir, "build-1");
    long allocated = DiskUse.of(dir).allocated();
    assertThat(allocated).isGreaterThan(readied);
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL)) {
      assertThat(Compaction.compact(journal)).isGreaterThanOrEqualTo(readied);
    }
    assertThat(DiskUse.of(dir).allocated()).isLessThanOrEqualTo(allocated - readied);
    assertThat(RecoveryTest.verify(dir, "build-1").text()).isEqualTo(before.text());
    assertThat(before.isIdentical()).isTrue();
  }

  @Test
  void finishesAPruningThatWasKilledAtAnyStep() throws Exception {
    // Step by step, as Pruning does: aside is written; the floor is moved; one file is in place.
    Path aside = dir.resolve("prune");
    Path copy = dir.resolveSibling(dir.getFileName() + "-copy");
    copyTree(dir, copy);
    prune(runs.get(2).time());
    List<String> after = names(dir);
    Floor floor = Floor.read(dir);
    for (int step = 0; step < 3; step++) {
      Path broken = dir.resolveSibling(dir.getFileName() + "-" + step);
      copyTree(copy, broken);
      for (Side side : List.of(Side.INBOUND, Side.OUTBOUND)) {
        for (Path file : QueueFiles.list(dir.resolve(side.folder()))) {
          if (QueueFiles.cycle(dir, file) == floor.cycle(side)) {
            Path to = step == 2 && side == Side.INBOUND ? broken : broken.resolve("prune");
            Path target = to.resolve(side.folder()).resolve(file.getFileName());
            Files.createDirectories(target.getParent());
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            // Its checksums follow it, once those of the file that was there are gone.
            Path sums = broken.resolve("prune").resolve(side.folder());
            Files.createDirectories(sums);
            Files.copy(
                SumFile.beside(file), sums.resolve(SumFile.beside(file).getFileName().toString()));
            if (to == broken) {
              Files.delete(SumFile.beside(target));
            }
          }
        }
      }
      if (step > 0) {
        floor.write(broken);
      }
      JournalDirectory.open(broken, ROLL).close();
      assertThat(broken.resolve("prune")).doesNotExist();
      assertThat(names(broken)).as("step " + step).isEqualTo(step == 0 ? names(copy) : after);
      VerifyResult verified = RecoveryTest.verify(broken, "build-1");
      assertThat(verified.isIdentical()).as(verified.text()).isTrue();
      assertThat(verified.runs()).hasSize(step == 0 ? 4 : 2);
    }
    assertThat(aside).doesNotExist();
  }

  /** Their models' names stay; a reader that stands in a file keeps it. */
  @Test
  void prunesChallengersScoresWithWhatCausedThem() {
    shadowScores();
    List<Long> all = shadowCauses();
    assertThat(all).hasSize(1 + 4 * 3);
    try (JournalDirectory reading = JournalDirectory.openReadOnly(dir);
        QueueReader slow = reading.shadowReader()) {
      slow.readNext((b, o, n) -> {});
      assertThat(prune(runs.get(1).time()).isEmpty()).isFalse();
      assertThat(shadowCauses()).isEqualTo(all);
    }
    prune(runs.get(2).time());
    List<Long> left = new ArrayList<>(List.of(0L));
    left.addAll(all.subList(1 + 2 * 3, all.size()));
    assertThat(shadowCauses()).isEqualTo(left);
    assertThat(left.get(1)).isGreaterThan(runs.get(2).headerSeq());
    assertThat(QueueFiles.list(dir.resolve("shadow"))).hasSize(3);
    // The next one appends behind them.
    try (JournalDirectory journal = JournalDirectory.open(dir, ROLL, clock)) {
      journal.shadowLog().append(shadowMessage(7_000), 0, SHADOW_LENGTH);
    }
    left.add(7_000L);
    assertThat(shadowCauses()).isEqualTo(left);
  }

  @Test
  void finishesThePruningOfScoresThatWasKilled() throws Exception {
    shadowScores();
    Path copy = dir.resolveSibling(dir.getFileName() + "-shadow");
    copyTree(dir, copy);
    prune(runs.get(2).time());
    List<Long> left = shadowCauses();
    assertThat(left).hasSize(1 + 2 * 3);
    // Killed when the floor had moved and what stands for them was whole.
    Floor.read(dir).write(copy);
    try (JournalDirectory journal = JournalDirectory.openReadOnly(copy)) {
      ShadowPruning.prepare(journal, runs.get(2).headerSeq(), copy.resolve("prune"));
    }
    assertThat(copy.resolve("prune/shadow")).isDirectory();
    JournalDirectory.open(copy, ROLL).close();
    assertThat(copy.resolve("prune")).doesNotExist();
    assertThat(shadowCauses(copy)).isEqualTo(left);
  }

  private static final int SHADOW_LENGTH = MessageLayout.HEADER + ScoreEncoder.BLOCK_LENGTH;

  private static UnsafeBuffer shadowMessage(long causeSeq) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    new ScoreEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).modelId(1);
    MessageLayout.sequence(buffer, 0, 0, causeSeq, 0, 0, 1, 60, 1);
    return buffer;
  }

  /** Three scores in the time of each run, behind one definition in the first's. */
  private void shadowScores() {
    clock.advanceMillis(-4_000);
    for (RunInfo run : runs) {
      try (JournalDirectory journal = JournalDirectory.open(dir, ROLL, clock)) {
        if (run.runId() == 1) {
          UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
          new ModelDefinitionEncoder()
              .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
              .modelId(1)
              .name("trend");
          MessageLayout.sequence(buffer, 0, 0, 0, 0, 0, 0, 0, 0);
          int length = MessageLayout.HEADER + ModelDefinitionEncoder.BLOCK_LENGTH;
          journal.shadowLog().append(buffer, 0, length);
        }
        for (int i = 1; i <= 3; i++) {
          journal.shadowLog().append(shadowMessage(run.headerSeq() + i), 0, SHADOW_LENGTH);
        }
      }
      clock.advanceMillis(1_000);
    }
  }

  private List<Long> shadowCauses() {
    return shadowCauses(dir);
  }

  private static List<Long> shadowCauses(Path dir) {
    List<Long> causes = new ArrayList<>();
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir);
        QueueReader reader = journal.shadowReader()) {
      while (reader.readNext((b, o, n) -> causes.add(Side.SHADOW.sequence(b, o)))) {
        // To the end.
      }
    }
    return causes;
  }

  private static List<String> names(Path journal) {
    List<String> names = new ArrayList<>();
    for (Side side : List.of(Side.INBOUND, Side.OUTBOUND)) {
      QueueFiles.list(journal.resolve(side.folder()))
          .forEach(f -> names.add(side + "/" + f.getFileName()));
    }
    return names;
  }

  private static void copyTree(Path from, Path to) throws Exception {
    Process cp =
        new ProcessBuilder("cp", "-r", "--sparse=always", from.toString(), to.toString()).start();
    assertThat(cp.waitFor()).isZero();
    try (Stream<Path> files = Files.list(to)) {
      assertThat(files).isNotEmpty();
    }
  }
}
