package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.market.Instrument;
import io.semnal.core.source.SourceRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalScanTest {
  private static final Instrument EURUSD = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);
  private static final Instrument USDJPY = new Instrument("USDJPY", "USD", "JPY", 1_000_000, 3);

  @TempDir Path dir;
  private final Messages messages = new Messages();

  @Test
  void findsAnEmptyJournalEmpty() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      JournalState state = JournalScan.scan(journal, new SourceRegistry(), Progress.NONE);
      assertThat(state.isEmpty()).isTrue();
      assertThat(state.lastRun()).isNull();
      assertThat(state.faults()).isEmpty();
    }
  }

  @Test
  void concludesRunsIdsAndProgress() {
    SourceRegistry sources = new SourceRegistry();
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      inbound(journal, messages.header(Messages.run(1, 1, 100, "a = 1")));
      inbound(journal, messages.defineInstrument(2, 100, 1, EURUSD));
      inbound(journal, messages.defineInstrument(3, 100, 2, USDJPY));
      inbound(journal, messages.defineSource(4, 100, 1, "oanda"));
      inbound(journal, messages.defineSource(5, 100, 2, "fxcm"));
      inbound(journal, messages.quote(6, 200, 2, 41, 1, 1));
      inbound(journal, messages.quote(7, 300, 1, 7, 1, 1));
      inbound(journal, messages.quote(8, 300, 2, 42, 1, 1));
      outbound(journal, messages.bar(1, 6, 200));
      outbound(journal, messages.bar(2, 7, 300));
      JournalState state = JournalScan.scan(journal, sources, Progress.NONE).requireSound();
      assertThat(state.inbound()).isEqualTo(new Mark(8, 300));
      assertThat(state.outbound()).isEqualTo(new Mark(2, 300));
      assertThat(state.lastCauseSeq()).isEqualTo(7);
      assertThat(state.hasLostTail()).isFalse();
      assertThat(state.instruments()).containsEntry("EURUSD", 1).containsEntry("USDJPY", 2);
      assertThat(state.instrumentId("GBPUSD")).isZero();
      assertThat(state.sources()).containsExactly("oanda", "fxcm");
      assertThat(state.runs()).hasSize(1);
      RunInfo run = state.lastRun();
      assertThat(run.engineText()).isEqualTo("a = 1");
      assertThat(run.build()).isEqualTo("build-1");
      assertThat(run.models().getFirst().name()).isEqualTo("trend");
      assertThat(run.models().getFirst().sha256()).isEqualTo(Messages.pin("trend", 3).sha256());
    }
    assertThat(sources.find("fxcm")).isEqualTo(2);
    assertThat(sources.lastSeq(2)).isEqualTo(42);
    assertThat(sources.lastSeq(1)).isEqualTo(7);
  }

  @Test
  void namesWhatIsMissing() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      inbound(journal, messages.header(Messages.run(1, 1, 100, "")));
      inbound(journal, messages.clock(2, 100));
      inbound(journal, messages.clock(4, 100));
      outbound(journal, messages.bar(2, 1, 100));
      JournalState state = JournalScan.scan(journal, null, Progress.NONE);
      assertThat(state.faults()).hasSize(2);
      assertThat(state.faults().get(0)).contains("outbound message 1 is missing");
      assertThat(state.faults().get(1))
          .contains("inbound message 3 is missing: found journalSeq 4 after 2")
          .contains("record 2");
      assertThatThrownBy(state::requireSound).isInstanceOf(CorruptJournalException.class);
    }
  }

  @Test
  void seesThatPublishedCausesAreGone() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      inbound(journal, messages.header(Messages.run(1, 1, 100, "")));
      outbound(journal, messages.bar(1, 9, 100));
      JournalState state = JournalScan.scan(journal, null, Progress.NONE).requireSound();
      assertThat(state.hasLostTail()).isTrue();
      assertThat(state.lastCauseSeq()).isEqualTo(9);
    }
  }

  @Test
  void knowsAnInstrumentWhoseInboundDefinitionWasLost() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      inbound(journal, messages.header(Messages.run(1, 1, 100, "")));
      inbound(journal, messages.defineInstrument(2, 100, 1, EURUSD));
      outbound(journal, messages.instrumentDefinition(1, 2, 1, EURUSD));
      outbound(journal, messages.instrumentDefinition(2, 3, 4, USDJPY));
      JournalState state = JournalScan.scan(journal, null, Progress.NONE).requireSound();
      assertThat(state.instrumentId("USDJPY")).isEqualTo(4);
      assertThat(state.nextInstrumentId()).isEqualTo(5);
    }
  }

  @Test
  void carriesALongConfigurationWhole() {
    String text = "# äöü\n".repeat(40_000);
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      inbound(journal, messages.header(Messages.run(1, 1, 100, text)));
      inbound(journal, messages.clock(2, 100));
      JournalState state = JournalScan.scan(journal, null, Progress.NONE).requireSound();
      assertThat(state.lastRun().engineText()).isEqualTo(text);
    }
  }

  private void inbound(JournalDirectory journal, int length) {
    journal.inboundLog().append(messages.buffer, 0, length);
  }

  private void outbound(JournalDirectory journal, int length) {
    journal.outboundLog().append(messages.buffer, 0, length);
  }
}
