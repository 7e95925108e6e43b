package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayVerifierTest {
  private static final String BUILD = "build-1";

  @TempDir Path root;
  private Path dir;

  @BeforeEach
  void journalTwoRuns() {
    dir = root.resolve("journal");
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(70);
    }
    try (LiveRun live = new LiveRun(dir, BUILD, "5")) {
      live.quotes(70);
    }
  }

  @Test
  void countsWhatIsIdentical() {
    VerifyResult result = RecoveryTest.verify(dir, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    // Run 1: a status, 23 bars, 20 scores. Run 2: a status, 14 bars, 20 scores.
    assertThat(result.runs().get(0).outbound()).isEqualTo(44);
    assertThat(result.runs().get(1).outbound()).isEqualTo(35);
    assertThat(result.text())
        .contains("identical: 2 run(s), 142 inbound messages replayed, 79 outbound messages");
  }

  @Test
  void namesTheFieldOfAFlippedBit() throws Exception {
    int close = MessageLayout.HEADER + BarDecoder.bidCloseEncodingOffset();
    JournalSurgery.flip(dir, Side.OUTBOUND, 2, close + 1);
    VerifyResult result = RecoveryTest.verify(dir, BUILD);
    RunReport report = result.runs().getFirst();
    assertThat(result.isIdentical()).isFalse();
    assertThat(report.differing()).isEqualTo(1);
    assertThat(report.outbound()).isEqualTo(44);
    assertThat(report.difference().outSeq()).isEqualTo(2);
    assertThat(report.difference().template()).isEqualTo("Bar");
    assertThat(report.difference().field()).isEqualTo("bidClose");
    assertThat(Long.parseLong(report.difference().journaled()))
        .isEqualTo(Long.parseLong(report.difference().recomputed()) ^ 256);
    assertThat(result.text()).contains("NOT identical").contains("differs in bidClose");
  }

  @Test
  void namesEveryFieldOfAMessageWhicheverByteIsFlipped() throws Exception {
    for (MessageFields.Field field : MessageFields.fields(ScoreDecoder.TEMPLATE_ID)) {
      // The 7th quote says two bars before it: status 1, bars 2 and 3, scores 4 and 5.
      JournalSurgery.Undo undo =
          JournalSurgery.flip(dir, Side.OUTBOUND, 4, field.offset() + field.length() - 1);
      VerifyResult result = RecoveryTest.verify(dir, BUILD);
      assertThat(result.runs().getFirst().difference().field()).isEqualTo(field.name());
      undo.run();
    }
  }

  @Test
  void namesTheTextThatDiffers() throws Exception {
    JournalSurgery.flip(dir, Side.OUTBOUND, 1, textAt(1));
    VerifyResult result = RecoveryTest.verify(dir, BUILD);
    assertThat(result.runs().getFirst().difference().field()).isEqualTo("reason");
  }

  @Test
  void namesThePlaceOfAMissingInboundMessage() throws Exception {
    Path cut = root.resolve("cut");
    JournalSurgery.copy(dir, cut, Side.INBOUND, seq -> seq != 33);
    VerifyResult result = RecoveryTest.verify(cut, BUILD);
    assertThat(result.isIdentical()).isFalse();
    assertThat(result.faults()).hasSize(1);
    assertThat(result.faults().getFirst())
        .contains("inbound message 33 is missing: found journalSeq 34 after 32")
        .contains("record 32");
    assertThat(result.runs().getFirst().findings().getFirst())
        .contains("inbound message 33 is missing");
  }

  @Test
  void namesThePlaceOfAMissingOutboundMessage() throws Exception {
    Path cut = root.resolve("cut");
    JournalSurgery.copy(dir, cut, Side.OUTBOUND, seq -> seq != 10);
    VerifyResult result = RecoveryTest.verify(cut, BUILD);
    assertThat(result.isIdentical()).isFalse();
    assertThat(result.faults().getFirst())
        .contains("outbound message 10 is missing: found outSeq 11 after 9");
    assertThat(result.runs().getFirst().difference().field()).isEqualTo("outSeq");
  }

  @Test
  void namesACauseBeyondTheEndOfInbound() throws Exception {
    Path cut = root.resolve("cut");
    JournalSurgery.copy(dir, cut, Side.INBOUND, seq -> seq <= 100);
    VerifyResult result = RecoveryTest.verify(cut, BUILD);
    assertThat(result.isIdentical()).isFalse();
    assertThat(result.text()).contains("has a cause beyond the end of inbound, 100");
    assertThat(result.runs().get(1).extra()).isPositive();
  }

  @Test
  void callsAnUnpublishedTailByItsNameAndNotAFailure() throws Exception {
    Path killed = root.resolve("killed");
    JournalSurgery.copy(dir, killed, Side.OUTBOUND, seq -> seq <= 75);
    VerifyResult result = RecoveryTest.verify(killed, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
    assertThat(result.text()).contains("tail: 4 message(s) not published yet");
    assertThat(result.runs().get(1).unpublished()).isEqualTo(4);
  }

  @Test
  void stopsWhereItIsTold() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      VerifyResult result =
          ReplayVerifier.verify(journal, TestEngine.factory(), BUILD, 31, Progress.NONE);
      assertThat(result.isIdentical()).as(result.text()).isTrue();
      assertThat(result.runs()).hasSize(1);
      assertThat(result.runs().getFirst().lastSeq()).isEqualTo(31);
      // 30 quotes: a status, 10 bars, 8 scores.
      assertThat(result.runs().getFirst().outbound()).isEqualTo(19);
    }
  }

  @Test
  void saysWhyAnEngineCannotBeMade() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      VerifyResult result =
          ReplayVerifier.verify(
              journal,
              (text, models, sink) -> {
                throw new IllegalArgumentException("model trend 3 is not there");
              },
              BUILD,
              Long.MAX_VALUE,
              Progress.NONE);
      assertThat(result.isIdentical()).isFalse();
      assertThat(result.text()).contains("cannot be made: model trend 3 is not there");
    }
  }

  @Test
  void verifiesBesideARunningWriter() {
    try (LiveRun live = new LiveRun(dir, BUILD, "5")) {
      for (int i = 0; i < 5; i++) {
        live.quotes(20);
        VerifyResult result = RecoveryTest.verify(dir, BUILD);
        assertThat(result.isIdentical()).as(result.text()).isTrue();
        assertThat(result.runs().get(1).lastSeq()).isEqualTo(live.journalSeq());
      }
    }
  }

  private int textAt(long outSeq) {
    int[] at = {0};
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      QueueReader reader = journal.outboundReader();
      reader.seekToSequence(outSeq);
      reader.readNext((buffer, offset, length) -> at[0] = length - 1);
    }
    return at[0];
  }
}
