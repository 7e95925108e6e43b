package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.ingress.MessageLog;
import io.semnal.core.market.Instrument;
import io.semnal.journal.example.MeanSpread;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class JournalReaderTest {
  @TempDir Path dir;
  private final Messages messages = new Messages();

  @Test
  void seeksATimeAndHandsOverTypedMessages() {
    try (LiveRun live = new LiveRun(dir, "build-1", "3")) {
      live.quotes(300);
      List<Long> seqs = new ArrayList<>();
      try (JournalReader reader = JournalReader.open(dir, Side.INBOUND)) {
        Instant from = Instant.ofEpochSecond(1_700_000_000L + 200);
        assertThat(reader.seek(from)).isTrue();
        QuoteDecoder quote = new QuoteDecoder();
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        while (reader.next(
            (buffer, offset, length) ->
                seqs.add(quote.wrapAndApplyHeader(buffer, offset, header).journalSeq()))) {}
        // The header is message 1; quote n is stamped START + n seconds.
        assertThat(seqs.getFirst()).isEqualTo(200);
        assertThat(seqs.getLast()).isEqualTo(301);
        assertThat(seqs).hasSize(102);
        live.quotes(1);
        assertThat(reader.nextDecoded().orElseThrow().sequence()).isEqualTo(302);
        assertThat(reader.nextDecoded()).isEmpty();
      }
    }
  }

  @Test
  void putsEachOutboundMessageRightBehindItsCause() {
    try (LiveRun live = new LiveRun(dir, "build-1", "3")) {
      live.quotes(200);
    }
    try (JournalReader reader = JournalReader.openBoth(dir)) {
      long[] inbound = {0};
      long[] outbound = {0};
      while (reader.next(
          (buffer, offset, length) -> {
            if (reader.side() == Side.INBOUND) {
              assertThat(MessageLayout.journalSeq(buffer, offset)).isEqualTo(inbound[0] + 1);
              inbound[0]++;
            } else {
              assertThat(MessageLayout.outSeq(buffer, offset)).isEqualTo(outbound[0] + 1);
              assertThat(MessageLayout.causeSeq(buffer, offset)).isEqualTo(inbound[0]);
              outbound[0]++;
            }
          })) {}
      assertThat(inbound[0]).isEqualTo(201);
      // A status, a bar at every third quote, two scores at every seventh.
      assertThat(outbound[0]).isEqualTo(1 + 66 + 2 * 28);
      reader.seekToSequence(22);
      assertThat(reader.nextDecoded().orElseThrow().sequence()).isEqualTo(22);
      DecodedMessage caused = reader.nextDecoded().orElseThrow();
      assertThat(caused.type()).isEqualTo("Bar");
      assertThat(caused.fields()).containsEntry("causeSeq", 22L);
    }
  }

  @Test
  void decodesEveryFieldByName() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      RunInfo run = Messages.run(1, 1, Messages.START, "text { a = \"b\" }\n");
      journal.inboundLog().append(messages.buffer, 0, messages.header(run));
      Instrument eurusd = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);
      journal
          .inboundLog()
          .append(messages.buffer, 0, messages.defineInstrument(2, Messages.START, 1, eurusd));
      journal
          .inboundLog()
          .append(messages.buffer, 0, messages.quote(3, Messages.START + 5, 1, 9, 1, 109_995_000L));
    }
    try (JournalReader reader = JournalReader.open(dir, Side.INBOUND)) {
      List<DecodedMessage> all = reader.stream().toList();
      assertThat(all)
          .extracting(DecodedMessage::type)
          .containsExactly("RunHeader", "DefineInstrument", "Quote");
      Map<String, Object> header = all.get(0).fields();
      assertThat(header)
          .containsEntry("runId", 1L)
          .containsEntry("sourceClock", true)
          .containsEntry("build", "build-1")
          .containsEntry("configuration", "text { a = \"b\" }\n");
      assertThat((List<?>) header.get("models")).hasSize(1);
      assertThat(((Map<?, ?>) ((List<?>) header.get("models")).getFirst()).get("name"))
          .isEqualTo("trend");
      assertThat(all.get(1).fields())
          .containsEntry("symbol", "EURUSD")
          .containsEntry("pip", new BigDecimal("0.0001"));
      assertThat(all.get(2).fields())
          .containsEntry("bid", new BigDecimal("1.09995"))
          .containsEntry("ask", new BigDecimal("1.10005"))
          .containsEntry("bidSize", null)
          .containsEntry("time", Instant.ofEpochSecond(1_700_000_000L, 5))
          .containsEntry("flags", List.of());
      assertThat(all.get(2).line())
          .startsWith("inbound #3 2023-11-14T22:13:20.000000005Z Quote eventTime=")
          .contains(" bid=1.09995 ask=1.10005 bidSize=- ");
      assertThat(all.get(2).json())
          .startsWith("{\"side\":\"inbound\",\"type\":\"Quote\",\"journalSeq\":3,")
          .contains("\"bid\":1.09995,\"ask\":1.10005,\"bidSize\":null");
      assertThat(all.get(0).json()).contains("\"text { a = \\\"b\\\" }\\n\"");
    }
  }

  @Test
  void knowsTheFieldsOfTheSchemaWhoseTypesAreNotPlainNumbers() throws Exception {
    try (InputStream schema = MessageLayout.class.getResourceAsStream("semnal.xml")) {
      NodeList fields =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(schema)
              .getElementsByTagName("field");
      assertThat(names(fields, "Price")).isEqualTo(new TreeSet<>(MessageDecoding.PRICES));
      assertThat(names(fields, "Quantity")).isEqualTo(new TreeSet<>(MessageDecoding.QUANTITIES));
      assertThat(names(fields, "UTCTimestampNanos"))
          .isEqualTo(new TreeSet<>(MessageDecoding.TIMES));
    }
  }

  private static Set<String> names(NodeList fields, String type) {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < fields.getLength(); i++) {
      Element field = (Element) fields.item(i);
      if (field.getAttribute("type").equals(type)) {
        names.add(field.getAttribute("name"));
      }
    }
    return names;
  }

  @Test
  void theExampleOfTheDocumentationRuns() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      Instrument eurusd = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);
      MessageLog log = journal.inboundLog();
      log.append(messages.buffer, 0, messages.defineInstrument(1, Messages.START, 1, eurusd));
      for (int i = 2; i <= 50; i++) {
        long time = Messages.START + i * Messages.SECOND;
        log.append(messages.buffer, 0, messages.quote(i, time, 1, i, 1, 110_000_000L));
      }
    }
    Instant start = Instant.ofEpochSecond(1_700_000_000L);
    // Messages' ask is a pip above the bid.
    assertThat(MeanSpread.of(dir, start.plusSeconds(10), start.plusSeconds(20)))
        .isEqualTo(Map.of("EURUSD", 0.0001));
    assertThat(MeanSpread.of(dir, start.plusSeconds(51), start.plusSeconds(60))).isEmpty();
  }

  @Test
  void countsTypesAndMeasuresBlocksInsteadOfLengths() throws Exception {
    try (LiveRun live = new LiveRun(dir, "build-1", "3")) {
      live.quotes(210);
    }
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      TypeCounts inbound = TypeCounts.of(journal, Side.INBOUND, Progress.NONE);
      assertThat(inbound.types())
          .extracting(TypeCounts.Count::type)
          .containsExactly("Quote", "RunHeader");
      assertThat(inbound.types().getFirst().messages()).isEqualTo(210);
      assertThat(inbound.oldest().sequence()).isEqualTo(1);
      assertThat(inbound.head().sequence()).isEqualTo(211);
      TypeCounts outbound = TypeCounts.of(journal, Side.OUTBOUND, Progress.NONE);
      assertThat(outbound.messages()).isEqualTo(1 + 70 + 60);
    }
    DiskUse use = DiskUse.of(dir);
    assertThat(use.length()).isGreaterThan(2 * QueueFiles.BLOCK);
    Process du =
        new ProcessBuilder("du", "-s", "--block-size=1", dir.resolve("inbound").toString()).start();
    String words = new String(du.getInputStream().readAllBytes()).split("\\s")[0];
    assertThat(DiskUse.of(dir.resolve("inbound")).allocated())
        .isCloseTo(Long.parseLong(words), org.assertj.core.data.Offset.offset(8_192L));
  }
}
