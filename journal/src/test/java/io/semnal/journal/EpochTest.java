package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When tokens of earlier clients still mean what they meant, and when they must not. */
class EpochTest {
  private static final String BUILD = "build-1";

  @TempDir Path root;
  private Path dir;

  @BeforeEach
  void journalSome() {
    dir = root.resolve("journal");
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.quotes(60);
    }
  }

  private static void assertIdentical(Path journal) {
    VerifyResult result = RecoveryTest.verify(journal, BUILD);
    assertThat(result.isIdentical()).as(result.text()).isTrue();
  }

  private static String discontinuity(Path journal, long outSeq) {
    String[] said = {"nothing"};
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.outboundReader()) {
      reader.seekToSequence(outSeq);
      reader.readNext(
          (buffer, offset, length) -> {
            DiscontinuityDecoder d =
                new DiscontinuityDecoder()
                    .wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
            said[0] = d.epoch() + ": " + d.lostFrom() + " to " + d.lostTo() + ", " + d.reason();
          });
    }
    return said[0];
  }

  @Test
  void inboundAheadOfOutboundIsPublishedInTheSameEpoch() throws IOException {
    Path cut = root.resolve("cut");
    JournalSurgery.copy(dir, cut, Side.OUTBOUND, seq -> seq <= 20);
    try (LiveRun live = new LiveRun(cut, BUILD, "3")) {
      assertThat(live.start.isContinued()).isTrue();
      assertThat(live.start.run().epoch()).isEqualTo(1);
      assertThat(live.start.published()).isEqualTo(live.start.outSeq() - 20);
    }
    assertThat(RecoveryTest.outboundHash(cut)).isEqualTo(RecoveryTest.outboundHash(dir));
  }

  @Test
  void outboundAheadOfInboundRaisesTheEpochBehindWhatWasPublished() throws IOException {
    long published = RecoveryTest.scan(dir).outbound().sequence();
    Path cut = root.resolve("cut");
    JournalSurgery.copy(dir, cut, Side.INBOUND, seq -> seq <= 40);
    try (LiveRun live = new LiveRun(cut, BUILD, "3")) {
      assertThat(live.start.run().epoch()).isEqualTo(2);
      live.quotes(10);
    }
    assertThat(discontinuity(cut, published + 1))
        .isEqualTo("2: 41 to 61, inbound messages were lost");
    assertIdentical(cut);
  }

  @Test
  void bothCutAlikeInPlaceGoesOnAsIfNothingHadComeSince() throws IOException {
    // The same files, both truncated to one moment by a power cut: nobody can have seen more.
    Path cut = root.resolve("cut");
    JournalSurgery.copyUpTo(dir, cut, 40);
    try (LiveRun live = new LiveRun(cut, BUILD, "3")) {
      assertThat(live.start.isContinued()).isTrue();
      assertThat(live.start.run().epoch()).isEqualTo(1);
      live.quotes(21);
    }
    assertIdentical(cut);
  }

  @Test
  void aRestoredBackupGoesOnInAnotherEpoch() throws IOException {
    Path backup = root.resolve("backup");
    JournalSurgery.copyFiles(dir, backup);
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.isContinued()).as("the original is none").isTrue();
      live.quotes(100);
    }
    Path old = root.resolve("old");
    Files.move(dir, old);
    JournalSurgery.copyFiles(backup, dir);
    long kept = RecoveryTest.scan(dir).outbound().sequence();
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.isContinued()).isFalse();
      assertThat(live.start.run().epoch()).isEqualTo(2);
      assertThat(live.start.run().outSeqBefore()).isEqualTo(kept + 1);
      assertThat(live.start.notes().getFirst()).contains("copied or restored");
      live.quotes(30);
    }
    assertThat(discontinuity(dir, kept + 1))
        .isEqualTo("2: 62 to 61, the journal goes on as a copy");
    assertIdentical(dir);
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.isContinued()).as("only once").isTrue();
      assertThat(live.start.run().epoch()).isEqualTo(2);
    }
    // The one that was moved away is still itself.
    try (LiveRun live = new LiveRun(old, BUILD, "3")) {
      assertThat(live.start.isContinued()).isTrue();
      assertThat(live.start.run().epoch()).isEqualTo(1);
    }
  }

  @Test
  void oneRestoredFileIsEnough() throws IOException {
    Path file;
    try (var files = Files.list(dir.resolve("outbound"))) {
      file = files.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
    }
    Path copy = root.resolve("copy.cq4");
    Files.copy(file, copy);
    Files.delete(file);
    Files.move(copy, file);
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.run().epoch()).isEqualTo(2);
    }
    assertIdentical(dir);
  }

  @Test
  void aRestoredBackupPublishesWhatItHadNotBeforeTheEpochChanges() throws IOException {
    Path hot = root.resolve("hot");
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      live.publishUpTo(live.outSeq()).quotes(20);
    }
    long unpublishedFrom = RecoveryTest.scan(dir).outbound().sequence();
    JournalSurgery.copyFiles(dir, hot);
    try (LiveRun live = new LiveRun(hot, BUILD, "3")) {
      // The 61st to 80th quote: 6 bars, and 6 scores.
      assertThat(live.start.run().outSeqBefore()).isEqualTo(unpublishedFrom + 12 + 1);
      assertThat(live.start.run().epoch()).isEqualTo(2);
    }
    assertIdentical(hot);
  }

  @Test
  void anOlderBuildRefusesANewerFormatByName() throws IOException {
    Path format = dir.resolve("FORMAT");
    Files.writeString(
        format, Files.readString(format).replace("semnal-journal 1", "semnal-journal 2"));
    assertThatThrownBy(() -> new LiveRun(dir, BUILD, "3"))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("has format 2; this build reads and writes format 1");
    assertThatThrownBy(() -> JournalDirectory.openReadOnly(dir))
        .hasMessageContaining("has format 2");
  }

  @Test
  void anotherBuildOfTheSameFormatBeginsANewRunEitherWay() {
    try (LiveRun live = new LiveRun(dir, "build-2", "3")) {
      assertThat(live.start.isContinued()).isFalse();
      live.quotes(10).endInOrder();
    }
    // Back to the older one: it cannot say what the newer said, and does not try.
    try (LiveRun live = new LiveRun(dir, BUILD, "3")) {
      assertThat(live.start.isContinued()).isFalse();
      assertThat(live.start.run().runId()).isEqualTo(3);
      assertThat(live.start.run().epoch()).isEqualTo(1);
      live.quotes(10);
    }
    VerifyResult result = RecoveryTest.verify(dir, BUILD);
    assertThat(result.runs().get(0).isIdentical()).isTrue();
    assertThat(result.runs().get(1).notVerified()).contains("build-2");
    assertThat(result.runs().get(2).isIdentical()).isTrue();
  }
}
