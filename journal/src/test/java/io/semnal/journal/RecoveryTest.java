package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.market.Instrument;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
  private static final String BUILD = "build-1";

  @TempDir Path dir;

  @Test
  void beginsTheFirstRunAndTakesDefinitionsBeforeItGoesLive() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.isContinued()).isFalse();
      assertThat(live.start.run().runId()).isEqualTo(1);
      assertThat(live.start.run().epoch()).isEqualTo(1);
      assertThat(live.start.journalSeq()).isEqualTo(1);
      assertThat(live.start.outSeq()).isEqualTo(1);
      Messages messages = new Messages();
      Instrument eurusd = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);
      live.start.take(messages.buffer, 0, messages.defineInstrument(0, 0, 1, eurusd));
      assertThat(live.start.journalSeq()).isEqualTo(2);
    }
    JournalState state = scan();
    assertThat(state.inbound().sequence()).isEqualTo(2);
    assertThat(state.instrumentId("EURUSD")).isEqualTo(1);
    assertThat(state.lastRun().models().getFirst().version()).isEqualTo(3);
    assertIdentical(BUILD, 2, 1);
  }

  @Test
  void publishesWhatAKilledProcessHadNot() {
    long said;
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(100);
      said = live.outSeq();
    }
    for (long published = 0; published <= said; published += 9) {
      Path killed = dir.resolve("killed-" + published);
      long last = published;
      copy(killed, Side.OUTBOUND, seq -> seq <= last);
      try (LiveRun again = new LiveRun(killed, BUILD, "3")) {
        assertThat(again.start.isContinued()).isTrue();
        assertThat(again.start.published()).isEqualTo(said - published);
        assertThat(again.start.outSeq()).isEqualTo(said);
        again.quotes(10);
      }
      // Ten more quotes, 101 to 110: three bars, and two scores at the 105th.
      assertIdentical(killed, BUILD, 111, said + 5);
    }
  }

  @Test
  void goesOnInTheSameRunAsIfNothingHadHappened() {
    Path interrupted = dir.resolve("interrupted");
    Path whole = dir.resolve("whole");
    for (int part = 0; part < 4; part++) {
      try (LiveRun live = new LiveRun(interrupted, BUILD, "3")) {
        assertThat(live.start.isContinued()).isEqualTo(part > 0);
        live.quotes(25);
      }
    }
    try (LiveRun live = new LiveRun(whole, BUILD, "3")) {
      live.quotes(100);
    }
    assertThat(outboundHash(interrupted)).isEqualTo(outboundHash(whole));
    assertIdentical(interrupted, BUILD, 101, 62);
  }

  @Test
  void beginsANewRunForAChangedConfigurationAndWarmsItUp() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(100).publishUpTo(40).quotes(20);
    }
    try (LiveRun live = new LiveRun(dir, BUILD, "4")) {
      assertThat(live.start.isContinued()).isFalse();
      RunInfo run = live.start.run();
      assertThat(run.runId()).isEqualTo(2);
      assertThat(run.headerSeq()).isEqualTo(122);
      assertThat(run.warmFromSeq()).isEqualTo(121 - LiveRun.WARM_UP.toSeconds());
      assertThat(run.epoch()).isEqualTo(1);
      live.quotes(4);
    }
    JournalState state = scan();
    assertThat(state.runs()).hasSize(2);
    // 120 quotes say 40 bars and 34 scores after the status: all of it published before run 2.
    assertThat(state.runs().get(1).outSeqBefore()).isEqualTo(75);
    assertThat(lastBarSum()).isEqualTo(expectedSum(71, 126));
    assertIdentical(BUILD, 126, 77);
  }

  @Test
  void beginsANewRunForAReplacedModelOrAnotherBuild() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(30).endInOrder();
    }
    try (LiveRun live = new LiveRun(dir, "build-2", "3")) {
      assertThat(live.start.run().runId()).isEqualTo(2);
      assertThat(live.start.notes()).isEmpty();
      live.quotes(30);
    }
    VerifyResult result = verify(dir, "build-2");
    assertThat(result.isIdentical()).isFalse();
    assertThat(result.text())
        .contains("run 1: not verified: written by build build-1; this is build build-2")
        .contains("run 2: inbound 32 to 62");
    assertThat(result.runs().get(1).isIdentical()).isTrue();
  }

  @Test
  void givesUpTheUnpublishedTailOfAnotherBuild() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(30).publishUpTo(live.outSeq() + 2).quotes(30);
    }
    try (LiveRun live = new LiveRun(dir, "build-2", "3")) {
      assertThat(live.start.notes()).hasSize(1);
      assertThat(live.start.notes().getFirst()).contains("given up").contains("build-1");
      live.quotes(30);
    }
    VerifyResult old = verify(dir, BUILD);
    assertThat(old.runs().getFirst().isIdentical()).isTrue();
    assertThat(old.runs().getFirst().unpublished()).isPositive();
    assertThat(old.text()).contains("were never published");
    assertThat(verify(dir, "build-2").runs().get(1).isIdentical()).isTrue();
  }

  @Test
  void refusesToGoOnWhereTheEngineSaysSomethingElse() throws Exception {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(60);
    }
    int ticks = MessageLayout.HEADER + BarDecoder.ticksEncodingOffset();
    JournalSurgery.flip(dir, Side.OUTBOUND, 2, ticks);
    assertThatThrownBy(() -> new LiveRun(dir, BUILD, "3"))
        .isInstanceOf(CorruptJournalException.class)
        .hasMessageContaining("outbound message 2 is not what was written")
        .hasMessageContaining("semnal journal salvage");
    JournalSurgery.forgetSums(dir);
    assertThatThrownBy(() -> new LiveRun(dir, BUILD, "3"))
        .isInstanceOf(ReplayMismatchException.class)
        .hasMessageContaining("outbound message 2 (Bar, caused by inbound message 4)")
        .hasMessageContaining("differs in ticks: journaled 2, recomputed 3");
  }

  @Test
  void goesOnPastALostTailInTheNextEpoch() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(60);
    }
    long published = scan().outbound().sequence();
    Path restored = dir.resolve("restored");
    copy(restored, Side.INBOUND, seq -> seq <= 40);
    try (LiveRun live = new LiveRun(restored, BUILD, "3")) {
      assertThat(live.found.hasLostTail()).isTrue();
      RunInfo run = live.start.run();
      assertThat(run.epoch()).isEqualTo(2);
      assertThat(run.headerSeq()).isEqualTo(62);
      assertThat(run.outSeqBefore()).isEqualTo(published + 1);
      live.quotes(30);
    }
    long[] declared = {0, 0, 0, 0};
    try (JournalDirectory journal = JournalDirectory.openReadOnly(restored)) {
      QueueReader reader = journal.outboundReader();
      reader.seekToSequence(published + 1);
      reader.readNext(
          (buffer, offset, length) -> {
            DiscontinuityDecoder loss =
                new DiscontinuityDecoder()
                    .wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
            declared[0] = loss.lostFrom();
            declared[1] = loss.lostTo();
            declared[2] = loss.epoch();
            declared[3] = loss.causeSeq();
          });
    }
    assertThat(declared).containsExactly(41, 61, 2, 62);
    assertThat(scan(restored).faults()).isEmpty();
    VerifyResult result = verify(restored, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    assertThat(result.text()).contains("were lost; the next run declares it");
    try (LiveRun live = new LiveRun(restored, BUILD, "3")) {
      assertThat(live.start.isContinued()).isTrue();
    }
  }

  @Test
  void writesADiscontinuityThatAKillLeftOut() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(60);
    }
    long published = scan().outbound().sequence();
    Path restored = dir.resolve("restored");
    copy(restored, Side.INBOUND, seq -> seq <= 40);
    new LiveRun(restored, BUILD, "3").quotes(9).close();
    long hash = outboundHash(restored);
    Path killed = dir.resolve("killed");
    try {
      JournalSurgery.copy(restored, killed, Side.OUTBOUND, seq -> seq <= published);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    new LiveRun(killed, BUILD, "3").close();
    assertThat(outboundHash(killed)).isEqualTo(hash);
  }

  @Test
  void triesADeadlyMessageOnceMoreThenAsksForItsQuarantine() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(20);
      assertThatThrownBy(() -> live.quote(TestEngine.DEADLY)).hasMessage("no such price");
    }
    String wayOut = "semnal journal skip 22 --reason";
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> new LiveRun(dir, BUILD, "3"))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("inbound message 22 has stopped the engine 2 times")
          .hasMessageContaining("no such price")
          .hasMessageContaining(wayOut);
    }
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      Quarantine.of(journal).skip(journal, 22, "feed sent\ta bad price");
    }
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.isContinued()).isTrue();
      live.quotes(20);
    }
    assertIdentical(BUILD, 42, 24);
    try (LiveRun live = new LiveRun(dir, BUILD, "4")) {
      live.quotes(20);
    }
    assertThat(verify(dir, BUILD).isIdentical()).isTrue();
  }

  @Test
  void beginsANewRunAfterAMessageInQuarantineThatHadEffects() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(20);
      assertThatThrownBy(() -> live.quote(TestEngine.DEADLY_LATE)).hasMessage("half way");
    }
    assertThatThrownBy(() -> new LiveRun(dir, BUILD, "3")).hasMessageContaining("skip 22");
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      Quarantine.of(journal).skip(journal, 22, "half way");
    }
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.isContinued()).isFalse();
      live.quotes(20);
    }
    VerifyResult result = verify(dir, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    assertThat(result.text()).contains("message 22 is in quarantine");
  }

  @Test
  void putsOnlyMessagesInQuarantineThatExistAndBeginNoRun() {
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(5);
      Quarantine quarantine = Quarantine.of(live.journal);
      assertThatThrownBy(() -> quarantine.skip(live.journal, 99, "x"))
          .hasMessageContaining("no inbound message 99");
      assertThatThrownBy(() -> quarantine.skip(live.journal, 1, "x"))
          .hasMessageContaining("begins a run");
      quarantine.skip(live.journal, 3, "test");
      assertThat(Quarantine.of(live.journal).contains(3)).isTrue();
      assertThat(Quarantine.of(live.journal).contains(4)).isFalse();
    }
  }

  private void copy(Path to, Side side, java.util.function.LongPredicate wanted) {
    try {
      JournalSurgery.copy(dir, to, side, wanted);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private JournalState scan() {
    return scan(dir);
  }

  static JournalState scan(Path dir) {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      return JournalScan.scan(journal, null, Progress.NONE);
    }
  }

  static VerifyResult verify(Path dir, String build) {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      return ReplayVerifier.verify(
          journal, TestEngine.factory(), build, Long.MAX_VALUE, Progress.NONE);
    }
  }

  private void assertIdentical(String build, long inbound, long outbound) {
    assertIdentical(dir, build, inbound, outbound);
  }

  private static void assertIdentical(Path dir, String build, long inbound, long outbound) {
    VerifyResult result = verify(dir, build);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    assertThat(result.runs().stream().mapToLong(RunReport::inbound).sum()).isEqualTo(inbound);
    assertThat(result.runs().stream().mapToLong(RunReport::outbound).sum()).isEqualTo(outbound);
  }

  private long lastBarSum() {
    long[] sum = {0};
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      QueueReader reader = journal.outboundReader();
      while (reader.readNext(
          (buffer, offset, length) -> {
            if (MessageLayout.templateId(buffer, offset) == BarDecoder.TEMPLATE_ID) {
              sum[0] =
                  new BarDecoder()
                      .wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder())
                      .bidClose();
            }
          })) {}
    }
    return sum[0];
  }

  /** The rule of {@link LiveRun#quotes}, on its own; 122 is the header of the second run. */
  private static long expectedSum(long from, long to) {
    long sum = 0;
    for (long seq = from; seq <= to; seq++) {
      sum += seq == 122 ? 0 : ((seq - 1) * 31 + 7) % 1_009 + 1_000;
    }
    return sum;
  }

  static long outboundHash(Path dir) {
    long[] hash = {1};
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      QueueReader reader = journal.outboundReader();
      while (reader.readNext(
          (buffer, offset, length) -> {
            for (int i = 0; i < length; i++) {
              hash[0] = hash[0] * 31 + buffer.getByte(offset + i);
            }
          })) {}
    }
    return hash[0];
  }
}
