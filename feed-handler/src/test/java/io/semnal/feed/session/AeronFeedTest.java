package io.semnal.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.feed.Tick;
import io.semnal.feed.session.CapturingPort.Taken;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.InstrumentDefinitionEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.SignalEventEncoder;
import io.semnal.testing.Await;
import io.semnal.testing.StandingPort;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeronFeedTest {
  private static final int TICKS = 10_000;
  private static final int STREAM = 1002;

  /** The sender's own ids, unlike the server's 1 and 7. */
  private static final int[] SENDERS_IDS = {12, 11};

  @TempDir private Path folder;
  private final SourceRegistry sources = new SourceRegistry();
  private final CapturingPort port = new CapturingPort(sources, 3);
  private final Metrics metrics = new Metrics();
  private final UnsafeBuffer message = new UnsafeBuffer(new byte[256]);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final QuoteEncoder quote = new QuoteEncoder();
  private MediaDriver driver;
  private Aeron aeron;
  private AeronFeed feed;
  private ExclusivePublication sender;

  @BeforeEach
  void launch() {
    driver =
        MediaDriver.launchEmbedded(
            new MediaDriver.Context()
                .aeronDirectoryName(folder.resolve("driver").toString())
                .threadingMode(ThreadingMode.INVOKER)
                .asyncExecutorEnabled(false)
                .dirDeleteOnShutdown(true)
                .ipcTermBufferLength(1 << 16)
                .publicationTermBufferLength(1 << 16));
    aeron =
        Aeron.connect(
            new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker()));
  }

  @AfterEach
  void close() {
    aeron.close();
    driver.close();
  }

  private void open(String channel) {
    open(channel, port);
  }

  private void open(String channel, InboundPort into) {
    TreeMap<Integer, Instrument> instruments = new TreeMap<>();
    instruments.put(1, new Instrument("EURUSD", "EUR", "USD", 10_000, 5));
    instruments.put(7, new Instrument("USDJPY", "USD", "JPY", 1_000_000, 3));
    feed =
        new AeronFeed(
            new AeronFeed.Context(
                aeron.addSubscription(channel, STREAM),
                "lean-source",
                sources,
                instruments,
                into,
                source -> (instrument, time, bid, ask, flags) -> flags | (bid > ask ? 1 : 0),
                metrics));
    feed.onStart();
    sender = aeron.addExclusivePublication(channel, STREAM);
    Await.until("a publication that stands", turning(sender::isConnected));
  }

  private void turn() {
    driver.sharedAgentInvoker().invoke();
    aeron.conductorAgentInvoker().invoke();
    feed.doWork();
  }

  private void send(int length) {
    send(message, length);
  }

  private void send(UnsafeBuffer what, int length) {
    Await.Deadline deadline = new Await.Deadline("room for a message");
    while (sender.offer(what, 0, length) < 0) {
      turn();
      deadline.pause();
    }
  }

  private Await.Fact<RuntimeException> turning(BooleanSupplier fact) {
    return () -> {
      turn();
      return fact.getAsBoolean();
    };
  }

  private void define(int sendersId, String symbol) {
    InstrumentDefinitionEncoder e = new InstrumentDefinitionEncoder();
    e.wrapAndApplyHeader(message, 0, header)
        .outSeq(0)
        .causeSeq(0)
        .streamSeq(0)
        .time(0)
        .instrumentId(sendersId)
        .timeframe(0)
        .strategyId(0)
        .symbol(symbol)
        .baseCurrency(symbol.substring(0, 3))
        .quoteCurrency(symbol.substring(3))
        .pip(10_000)
        .priceDecimals((short) 5);
    send(MessageLayout.HEADER + e.encodedLength());
  }

  private void defineBoth() {
    define(SENDERS_IDS[0], "EURUSD");
    define(SENDERS_IDS[1], "USDJPY");
  }

  private int encode(long seq, int sendersId, long eventTime, long bid, long ask) {
    quote
        .wrapAndApplyHeader(message, 0, header)
        .journalSeq(99)
        .time(98)
        .eventTime(eventTime)
        .receiveTime(97)
        .sourceSeq(seq)
        .bid(bid)
        .ask(ask)
        .bidSize(MessageLayout.ABSENT)
        .askSize(MessageLayout.ABSENT)
        .sourceId(96)
        .instrumentId(sendersId)
        .flags()
        .clear();
    return MessageLayout.HEADER + QuoteEncoder.BLOCK_LENGTH;
  }

  private void quote(long seq) {
    send(encode(seq, SENDERS_IDS[0], 1_500_000_000_000_000_000L + seq, 100_000_000, 100_010_000));
  }

  private void untilPassed(long seq) {
    Await.until(
        () -> "more than " + feed.passedSeq() + " of " + seq,
        turning(() -> feed.passedSeq() >= seq && !port.quotes.isEmpty() && lastTaken() >= seq));
  }

  private long lastTaken() {
    return port.quotes.getLast().seq();
  }

  private long count(String name) {
    return metrics.counter(name, "").get();
  }

  /** What a TCP feed of the same ticks leaves behind. */
  private static List<Taken> overTcp() throws Exception {
    CapturingPort port = new CapturingPort(new SourceRegistry(), 1);
    try (FeedRig rig = new FeedRig(port, FeedRig.LIMITS, 0)) {
      FeedClient.Options options =
          new FeedClient.Options(
              rig.address(),
              FeedRig.LEAN,
              "test",
              Pace.MAX,
              Duration.ofSeconds(60),
              Duration.ofSeconds(60));
      new FeedClient(
              options, List.of("EURUSD", "USDJPY"), () -> new Ticks(TICKS, 5), progress -> {})
          .run();
    }
    return port.quotes();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void journalsTheSameQuotesAsTheTcpFeed(boolean ipc) throws Exception {
    open(ipc ? "aeron:ipc" : udp());
    port.refusePercent = 30;
    defineBoth();
    Ticks ticks = new Ticks(TICKS, 5);
    Tick tick = new Tick();
    for (long seq = 1; ticks.next(tick); seq++) {
      send(encode(seq, SENDERS_IDS[tick.instrument], tick.eventTime, tick.bid, tick.ask));
      if (seq % 100 == 0) {
        // Again, as a sender does that is not sure.
        send(encode(seq - 3, SENDERS_IDS[tick.instrument], 1, 1, 1));
      }
    }
    untilPassed(TICKS);
    assertThat(port.quotes()).isEqualTo(overTcp()).hasSize(TICKS);
    assertThat(count("feed_aeron_quotes_total")).isEqualTo(TICKS);
    assertThat(count("feed_aeron_pushback_total")).isPositive();
    assertThat(count("feed_aeron_gaps_total")).isZero();
    assertThat(port.statuses).containsExactly("1 = lean-source", "1 UP");
  }

  private static String udp() throws Exception {
    return "aeron:udp?endpoint=127.0.0.1:" + StandingPort.udp();
  }

  @Test
  void countsMissingQuotesAndJournalsTheSourceAsDownThere() {
    open("aeron:ipc");
    defineBoth();
    quote(5);
    quote(6);
    quote(9);
    untilPassed(9);
    assertThat(port.quotes()).extracting(Taken::seq).containsExactly(5L, 6L, 9L);
    assertThat(count("feed_aeron_gaps_total")).isEqualTo(1);
    assertThat(port.statuses).containsExactly("1 = lean-source", "1 UP", "1 DOWN", "1 UP");
    sender.close();
    Await.until("the end of the source", turning(() -> port.statuses.size() >= 5));
    assertThat(port.statuses.getLast()).isEqualTo("1 DOWN");
  }

  @Test
  void goesOnWhereTheJournalEndsAfterARestart() {
    sources.define("lean-source");
    sources.journaled(1, 40);
    open("aeron:ipc");
    defineBoth();
    quote(39);
    quote(40);
    quote(41);
    untilPassed(41);
    assertThat(port.quotes()).extracting(Taken::seq).containsExactly(41L);
    assertThat(count("feed_aeron_repeats_total")).isEqualTo(2);
    assertThat(count("feed_aeron_gaps_total")).isZero();
  }

  @Test
  void countsWhatCannotBeReadAndGoesOn() {
    open("aeron:ipc");
    defineBoth();
    quote(1);
    message.setMemory(0, 256, (byte) 0xEE);
    send(70);
    send(3);
    send(encode(2, SENDERS_IDS[0], 5, 100, 101) - 1);
    SignalEventEncoder event = new SignalEventEncoder();
    event.wrapAndApplyHeader(message, 0, header);
    send(MessageLayout.HEADER + SignalEventEncoder.BLOCK_LENGTH);
    // In fragments, which no quote needs.
    UnsafeBuffer large = new UnsafeBuffer(new byte[4_000]);
    send(large, 4_000);
    quote(2);
    untilPassed(2);
    assertThat(port.quotes()).extracting(Taken::seq).containsExactly(1L, 2L);
    int fragments = (4_000 + sender.maxPayloadLength() - 1) / sender.maxPayloadLength();
    assertThat(count("feed_aeron_malformed_total")).isEqualTo(4 + fragments);
  }

  @Test
  void rejectsBadPricesTimesAndInstrumentsThatNobodyDefined() {
    open("aeron:ipc");
    quote(1);
    defineBoth();
    define(13, "XXXYYY");
    send(encode(2, 13, 5, 100, 101));
    send(encode(3, SENDERS_IDS[0], 5, 0, 101));
    send(encode(4, SENDERS_IDS[0], -5, 100, 101));
    quote(5);
    untilPassed(5);
    assertThat(port.quotes()).extracting(Taken::seq).containsExactly(5L);
    assertThat(count("feed_aeron_rejected_total{reason=\"instrument\"}")).isEqualTo(2);
    assertThat(count("feed_aeron_rejected_total{reason=\"price\"}")).isEqualTo(1);
    assertThat(count("feed_aeron_rejected_total{reason=\"time\"}")).isEqualTo(1);
    assertThat(count("feed_aeron_gaps_total")).isZero();
  }

  @Test
  void readsNoFurtherWhileThereIsNoRoomSoThatTheSenderIsHeldBack() {
    open("aeron:ipc");
    defineBoth();
    quote(1);
    untilPassed(1);
    port.refusePercent = 100;
    long sent = 1;
    while (true) {
      int length = encode(sent + 1, SENDERS_IDS[0], 5 + sent, 100, 101);
      if (sender.offer(message, 0, length) < 0) {
        break;
      }
      sent++;
      turn();
    }
    // One quote is held; the rest waits with Aeron, whose window is full.
    assertThat(feed.passedSeq()).isEqualTo(2);
    assertThat(port.quotes()).hasSize(1);
    port.refusePercent = 0;
    untilPassed(sent);
    assertThat(port.quotes()).hasSize((int) sent);
    assertThat(count("feed_aeron_gaps_total")).isZero();
  }

  @Test
  void takingQuotesAllocatesNothing() {
    int[] taken = {0};
    open(
        "aeron:ipc",
        (buffer, offset, length) -> {
          taken[0]++;
          return true;
        });
    define(12, "EURUSD");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int turns = 2_000;
    int allocating = 0;
    // The second round is judged: the first loads classes.
    for (int round = 0; round < 2; round++) {
      allocating = 0;
      for (int i = 1; i <= turns; i++) {
        quote(round * (long) turns + i);
        long before = threads.getCurrentThreadAllocatedBytes();
        feed.doWork();
        allocating += threads.getCurrentThreadAllocatedBytes() > before ? 1 : 0;
      }
    }
    assertThat(taken[0]).isGreaterThan(turns);
    // The virtual machine itself allocates once or twice when it compiles what runs. What allocates
    // by the quote does so in every turn.
    assertThat(allocating).isLessThanOrEqualTo(turns / 100);
  }
}
