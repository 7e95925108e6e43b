package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journals that the same and another configuration make of two runs' inbound messages. */
class AlternativeReplayTest {
  private static final String BUILD = "build-1";

  @TempDir Path root;
  private Path dir;
  private Path made;

  @BeforeEach
  void journalTwoRuns() {
    dir = root.resolve("journal");
    made = root.resolve("made");
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(70);
    }
    try (LiveRun live = new LiveRun(dir, BUILD, "5")) {
      live.quotes(70);
    }
  }

  private long play(Path from, UnaryOperator<RunInfo> other, long until) {
    try (JournalDirectory original = JournalDirectory.openReadOnly(from);
        JournalDirectory target = JournalDirectory.open(made, "FAST_DAILY")) {
      JournalState state = JournalScan.scan(original, null, Progress.NONE).requireSound();
      return AlternativeReplay.play(
          original, state, target, true, TestEngine.factory(), other, until, Progress.NONE);
    }
  }

  private static List<String> messages(Path journal, Side side, long most) {
    List<String> messages = new ArrayList<>();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader =
            side == Side.INBOUND ? directory.inboundReader() : directory.outboundReader()) {
      while (reader.readNext(
          (buffer, offset, length) -> {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            if (side.sequence(buffer, offset) <= most) {
              messages.add(HexFormat.of().formatHex(bytes));
            }
          })) {
        // To the end.
      }
    }
    return messages;
  }

  @Test
  void theSameHeadersMakeTheSameJournal() {
    assertThat(play(dir, run -> run, Long.MAX_VALUE)).isEqualTo(142);
    for (Side side : new Side[] {Side.INBOUND, Side.OUTBOUND}) {
      assertThat(messages(made, side, Long.MAX_VALUE))
          .isEqualTo(messages(dir, side, Long.MAX_VALUE));
    }
  }

  @Test
  void anotherConfigurationMakesTheJournalOfThatConfiguration() {
    play(dir, run -> with(run, "5"), Long.MAX_VALUE);
    assertThat(RecoveryTest.verify(made, BUILD).isIdentical()).isTrue();
    // The first run, had it been the second one's configuration from the beginning.
    Path five = root.resolve("five");
    try (LiveRun live = new LiveRun(five, BUILD, "5")) {
      live.quotes(70);
    }
    List<String> expected = messages(five, Side.OUTBOUND, Long.MAX_VALUE);
    assertThat(messages(made, Side.OUTBOUND, expected.size())).isEqualTo(expected);
    assertThat(messages(made, Side.OUTBOUND, Long.MAX_VALUE))
        .isNotEqualTo(messages(dir, Side.OUTBOUND, Long.MAX_VALUE));
  }

  @Test
  void endsWhereItIsTold() {
    assertThat(play(dir, run -> run, 40)).isEqualTo(40);
    assertThat(messages(made, Side.INBOUND, Long.MAX_VALUE))
        .isEqualTo(messages(dir, Side.INBOUND, 40));
    assertThat(RecoveryTest.verify(made, BUILD).isIdentical()).isTrue();
  }

  @Test
  void leavesOutWhatIsInQuarantine() {
    try (JournalDirectory directory = JournalDirectory.open(dir, "FAST_DAILY")) {
      Quarantine.of(directory).skip(directory, 10, "the test says so");
    }
    play(dir, run -> run, Long.MAX_VALUE);
    try (JournalDirectory directory = JournalDirectory.openReadOnly(made)) {
      assertThat(Quarantine.of(directory).contains(10)).isTrue();
    }
    assertThat(RecoveryTest.verify(made, BUILD).isIdentical()).isTrue();
  }

  @Test
  void declaresTheSameLoss() throws Exception {
    Path cut = root.resolve("cut");
    JournalSurgery.copy(dir, cut, Side.INBOUND, seq -> seq <= 130);
    try (LiveRun live = new LiveRun(cut, BUILD, "5")) {
      assertThat(live.start.run().epoch()).isEqualTo(2);
      live.quotes(30);
    }
    play(cut, run -> run, Long.MAX_VALUE);
    VerifyResult result = RecoveryTest.verify(made, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    assertThat(result.runs()).hasSize(3);
    assertThat(result.runs().getLast().run().epoch()).isEqualTo(2);
  }

  private static RunInfo with(RunInfo run, String text) {
    return new RunInfo(
        run.runId(),
        run.headerSeq(),
        run.time(),
        run.epoch(),
        run.outSeqBefore(),
        run.warmFromSeq(),
        run.wallTime(),
        run.sourceClock(),
        run.build(),
        text,
        run.models());
  }
}
