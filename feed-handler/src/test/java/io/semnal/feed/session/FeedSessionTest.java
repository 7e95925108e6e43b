package io.semnal.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.FeedAckDecoder;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.SessionWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Sessions over embedded channels: every byte's arrival is the test's choice. */
class FeedSessionTest {
  private static final int FRAME = Framing.HEADER + QuoteGate.LENGTH;
  private final FeedRig rig = new FeedRig(FeedRig.LIMITS);
  private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[2048]);

  @Test
  void namesSourceAndInstrumentsAtLogin() {
    EmbeddedChannel channel = connect();
    List<byte[]> answers = login(channel, FeedRig.LEAN);
    assertThat(templates(answers))
        .containsExactly(
            AcceptedDecoder.TEMPLATE_ID,
            InstrumentDefinitionDecoder.TEMPLATE_ID,
            InstrumentDefinitionDecoder.TEMPLATE_ID,
            HeartbeatDecoder.TEMPLATE_ID);
    InstrumentDefinitionDecoder jpy =
        new InstrumentDefinitionDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(answers.get(2)), 0, new MessageHeaderDecoder());
    assertThat(jpy.outSeq()).isZero();
    assertThat(jpy.instrumentId()).isEqualTo(7);
    assertThat(jpy.symbol()).isEqualTo("USDJPY");
    assertThat(rig.port.statuses).containsExactly("1 = lean-source", "1 UP");
    channel.close();
    assertThat(rig.port.statuses).endsWith("1 UP", "1 DOWN");
  }

  @Test
  void takesQuotesFragmentedAtEveryByte() {
    byte[] three = quotes(1, 3);
    for (int cut = 0; cut <= three.length; cut++) {
      FeedRig own = new FeedRig(FeedRig.LIMITS);
      EmbeddedChannel channel = connect(own);
      login(channel, FeedRig.LEAN);
      channel.writeInbound(Unpooled.copiedBuffer(three, 0, cut));
      channel.writeInbound(Unpooled.copiedBuffer(three, cut, three.length - cut));
      assertThat(own.port.quotes).extracting(q -> q.seq()).containsExactly(1L, 2L, 3L);
    }
    EmbeddedChannel channel = connect();
    login(channel, FeedRig.LEAN);
    for (byte b : three) {
      channel.writeInbound(Unpooled.copiedBuffer(new byte[] {b}));
    }
    assertThat(rig.port.quotes).extracting(q -> q.seq()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void overwritesWhatIsOurs() {
    rig.port.keepBytes = true;
    EmbeddedChannel channel = connect();
    login(channel, FeedRig.LEAN);
    byte[] quote = quotes(1, 1);
    UnsafeBuffer q = new UnsafeBuffer(quote, Framing.HEADER, QuoteGate.LENGTH);
    Arrays.fill(quote, Framing.HEADER + 8, Framing.HEADER + 24, (byte) 9);
    q.putInt(8 + io.semnal.protocol.sbe.QuoteDecoder.sourceIdEncodingOffset(), 99);
    q.putShort(8 + io.semnal.protocol.sbe.QuoteDecoder.flagsEncodingOffset(), (short) 0x1FF);
    channel.writeInbound(Unpooled.copiedBuffer(quote));
    CapturingPort.Taken taken = rig.port.quotes.getFirst();
    assertThat(taken.sourceId()).isEqualTo(1);
    // stale, conflated and simulated may come from a feed; it was not crossed
    assertThat(taken.flags()).isEqualTo(1 << 2 | 1 << 6 | 1 << 8);
  }

  @Test
  void cutsFieldsOfNewerVersions() {
    EmbeddedChannel channel = connect();
    login(channel, FeedRig.LEAN);
    byte[] longer = Arrays.copyOf(quotes(1, 1), FRAME + 12);
    UnsafeBuffer frame = new UnsafeBuffer(longer);
    Framing.write(frame, 0, QuoteGate.LENGTH + 12);
    frame.putShort(Framing.HEADER, (short) (QuoteEncoder.BLOCK_LENGTH + 12));
    frame.putShort(Framing.HEADER + 6, (short) 2);
    channel.writeInbound(Unpooled.copiedBuffer(longer));
    assertThat(rig.port.quotes).hasSize(1);
    assertThat(channel.isActive()).isTrue();
  }

  @Test
  void rejectsBadQuotesAndGoesOn() {
    EmbeddedChannel channel = connect();
    login(channel, FeedRig.LEAN);
    for (long[] bad :
        new long[][] {
          {0, 1, 1, 5}, {1, 0, 1, 5}, {-1, 1, 1, 5}, {1, MessageLayout.ABSENT, 1, 5},
          {Long.MAX_VALUE, 1, 1, 5}, {1, 1, 2, 5}, {1, 1, -1, 5}, {1, 1, 100_000, 5},
          {1, 1, 1, 0}, {1, 1, 1, Long.MAX_VALUE}
        }) {
      long seq = rig.count("feed_rejected_total{reason=\"price\"}");
      seq += rig.count("feed_rejected_total{reason=\"instrument\"}");
      seq += rig.count("feed_rejected_total{reason=\"time\"}");
      channel.writeInbound(frameOf(seq + 1, bad[3], bad[0], bad[1], (int) bad[2]));
    }
    assertThat(rig.count("feed_rejected_total{reason=\"price\"}")).isEqualTo(5);
    assertThat(rig.count("feed_rejected_total{reason=\"instrument\"}")).isEqualTo(3);
    assertThat(rig.count("feed_rejected_total{reason=\"time\"}")).isEqualTo(2);
    List<byte[]> answers = answers(channel);
    assertThat(errorCode(answers.getFirst())).isEqualTo(ErrorCode.BAD_PRICE);
    channel.writeInbound(frameOf(11, 5, 10, 9, 7));
    assertThat(rig.port.quotes).extracting(q -> q.seq()).containsExactly(11L);
    assertThat(rig.port.quotes.getFirst().flags()).isEqualTo(1);
  }

  @Test
  void acknowledgesWhatWasJournaledOrRejected() {
    EmbeddedChannel channel = connect();
    login(channel, FeedRig.LEAN);
    channel.writeInbound(Unpooled.copiedBuffer(quotes(1, 5)));
    channel.writeInbound(frameOf(6, 5, 0, 9, 7));
    answers(channel);
    rig.listener.doWork(System.nanoTime() + 10_000_000);
    assertThat(ackOf(answers(channel))).isEqualTo(6);
    rig.port.refusePercent = 100;
    channel.writeInbound(Unpooled.copiedBuffer(quotes(7, 2)));
    rig.listener.doWork(System.nanoTime() + 20_000_000);
    assertThat(answers(channel)).isEmpty();
    rig.port.refusePercent = 0;
    rig.listener.doWork(System.nanoTime() + 30_000_000);
    assertThat(ackOf(answers(channel))).isEqualTo(8);
  }

  @Test
  void acknowledgesNothingBeforeItIsSettled() {
    EmbeddedChannel channel = connect();
    login(channel, FeedRig.LEAN);
    channel.writeInbound(Unpooled.copiedBuffer(quotes(1, 5)));
    answers(channel);
    int[] settled = {0};
    rig.sources.settleBy(
        () -> {
          // The disk is being written: no word of it has gone out yet.
          assertThat(answers(channel)).isEmpty();
          settled[0]++;
        });
    rig.listener.doWork(System.nanoTime() + 10_000_000);
    assertThat(settled[0]).isEqualTo(1);
    assertThat(ackOf(answers(channel))).isEqualTo(5);
  }

  @Test
  void pushbackStopsReadingAndGoesOnExactly() {
    EmbeddedChannel channel = connect();
    login(channel, FeedRig.LEAN);
    Random random = new Random(5);
    byte[] all = quotes(1, 2000);
    rig.port.refusePercent = 60;
    int at = 0;
    while (at < all.length || rig.port.quotes.size() < 2000) {
      boolean reading = channel.config().isAutoRead();
      if (reading && at < all.length) {
        int n = Math.min(all.length - at, 1 + random.nextInt(700));
        channel.writeInbound(Unpooled.copiedBuffer(all, at, n));
        at += n;
      }
      rig.listener.doWork(System.nanoTime());
    }
    assertThat(rig.port.quotes).hasSize(2000);
    for (int i = 0; i < 2000; i++) {
      assertThat(rig.port.quotes.get(i).seq()).isEqualTo(i + 1);
      assertThat(rig.port.quotes.get(i).bid()).isEqualTo(100_000_000L + i + 1);
    }
    assertThat(rig.count("feed_pushback_total")).isGreaterThan(100);
  }

  @Test
  void flagsByTheSourcesNormaliser() {
    RuntimeConfig.Feed config =
        new RuntimeConfig.Feed(
            true, "", 0, false, Path.of("k"), 0, Duration.ofSeconds(1), Duration.ofSeconds(1));
    rig.sources.define("lean-source");
    QuoteCheck check =
        new NormalisedQuotes(config, rig.sources, () -> 10_000_000_000L, rig.metrics).create(1);
    int simulated = 1 << 8;
    long now = 10_000_000_000L;
    assertThat(check.flags(7, now, 5, 6, simulated)).isEqualTo(simulated);
    assertThat(check.flags(7, now, 5, 6, 0)).isEqualTo(1 << 4);
    assertThat(check.flags(7, now, 6, 5, 0)).isEqualTo(1);
    assertThat(check.flags(7, now - 2_000_000_000L, 5, 5, 0)).isEqualTo(1 << 1 | 1 << 2);
    assertThat(check.flags(7, now + 2_000_000_000L, 5, 6, 0)).isEqualTo(1 << 7);
    assertThat(check.flags(7, now, 0, 6, 0)).isEqualTo(QuoteCheck.REJECTED);
  }

  @Test
  void dropsRepeatsAndRefusesJumps() {
    EmbeddedChannel channel = connect();
    login(channel, FeedRig.LEAN);
    channel.writeInbound(Unpooled.copiedBuffer(quotes(1, 3)));
    channel.writeInbound(Unpooled.copiedBuffer(quotes(2, 3)));
    assertThat(rig.port.quotes).extracting(q -> q.seq()).containsExactly(1L, 2L, 3L, 4L);
    answers(channel);
    channel.writeInbound(Unpooled.copiedBuffer(quotes(6, 1)));
    List<byte[]> answers = answers(channel);
    assertThat(errorCode(answers.getFirst())).isEqualTo(ErrorCode.SEQUENCE_GAP);
    assertThat(channel.isActive()).isFalse();
    assertThat(rig.port.quotes).hasSize(4);
  }

  @Test
  void refusesWrongKeysRolesAndSecondSessions() {
    assertThat(refusal(new ClientKey("lean", new byte[32])))
        .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    assertThat(refusal(new ClientKey("nobody", FeedRig.KEY.secret())))
        .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    assertThat(refusal(new ClientKey("demo", FeedRig.CLIENT.secret())))
        .isEqualTo(ErrorCode.NOT_ENTITLED);
    EmbeddedChannel first = connect();
    login(first, FeedRig.LEAN);
    assertThat(refusal(FeedRig.LEAN)).isEqualTo(ErrorCode.BUSY);
    first.close();
    EmbeddedChannel second = connect();
    assertThat(templates(login(second, FeedRig.LEAN))).contains(AcceptedDecoder.TEMPLATE_ID);
  }

  @Test
  void limitsConnections() {
    for (int i = 0; i < FeedRig.LIMITS.maxSessions(); i++) {
      connect();
    }
    EmbeddedChannel tooMany = connect();
    assertThat(rejectCode(answers(tooMany).getFirst())).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(tooMany.isActive()).isFalse();
  }

  @Test
  void closesSlowLoginsAndSilentFeeds() {
    EmbeddedChannel slow = connect();
    rig.listener.doWork(System.nanoTime() + 4_000_000_000L);
    assertThat(slow.isActive()).isTrue();
    rig.listener.doWork(System.nanoTime() + 6_000_000_000L);
    assertThat(rejectCode(answers(slow).getFirst())).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(slow.isActive()).isFalse();

    EmbeddedChannel silent = connect();
    login(silent, FeedRig.LEAN);
    rig.listener.doWork(System.nanoTime() + 6_000_000_000L);
    assertThat(templates(answers(silent))).containsExactly(HeartbeatDecoder.TEMPLATE_ID);
    rig.listener.doWork(System.nanoTime() + 16_000_000_000L);
    assertThat(errorCode(answers(silent).getLast())).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(silent.isActive()).isFalse();
    assertThat(rig.port.statuses).endsWith("1 DOWN");
  }

  @Test
  void closesOnOversizedAndForeignFrames() {
    EmbeddedChannel before = connect();
    before.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n".getBytes()));
    assertThat(rejectCode(answers(before).getFirst())).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
    EmbeddedChannel after = connect();
    login(after, FeedRig.LEAN);
    Framing.write(scratch, 0, 2000);
    after.writeInbound(Unpooled.copiedBuffer(scratch.byteArray(), 0, 6));
    assertThat(errorCode(answers(after).getFirst())).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
    assertThat(after.isActive()).isFalse();
  }

  /** Mutated streams: no exception reaches the channel, and the port sees only whole quotes. */
  @Test
  void survivesMutatedStreams() {
    Random random = new Random(11);
    for (int i = 0; i < 1000; i++) {
      FeedRig own = new FeedRig(FeedRig.LIMITS);
      EmbeddedChannel channel = connect(own);
      login(channel, FeedRig.LEAN);
      byte[] bytes = quotes(1, 4);
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      channel.writeInbound(Unpooled.copiedBuffer(bytes));
      channel.checkException();
      own.listener.doWork(System.nanoTime());
      long last = 0;
      for (CapturingPort.Taken q : own.port.quotes) {
        assertThat(q.seq()).isGreaterThan(last);
        assertThat(q.bid()).isPositive();
        assertThat(q.ask()).isPositive();
        assertThat(q.instrument()).isIn(1, 7);
        last = q.seq();
      }
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void failureOfTheIngressReachesTheAgentNotTheFeed() {
    EmbeddedChannel channel = connect();
    login(channel, FeedRig.LEAN);
    rig.port.failure = new IllegalStateException("disk full");
    channel.writeInbound(Unpooled.copiedBuffer(quotes(1, 1)));
    channel.checkException();
    assertThatThrownBy(() -> rig.listener.doWork(0)).hasRootCauseMessage("disk full");
  }

  @Test
  void allocatesNothingPerQuote() {
    FeedListener.Context c = new FeedRig(FeedRig.LIMITS).listener.context();
    long[] taken = {0};
    FeedListener quiet =
        new FeedListener(
            new FeedListener.Context(
                c.group(),
                c.channels(),
                "",
                c.keys(),
                c.sources(),
                c.instruments(),
                (b, o, l) -> {
                  taken[0]++;
                  return true;
                },
                c.checks(),
                c.receivedAt(),
                c.metrics(),
                c.limits(),
                c.access()));
    EmbeddedChannel channel = new EmbeddedChannel(new FeedSession(quiet));
    login(channel, FeedRig.LEAN);
    int batch = 1000;
    ByteBuf buffer = Unpooled.directBuffer(batch * FRAME);
    buffer.writeBytes(quotes(1, batch));
    int seqAt = Framing.HEADER + 8 + io.semnal.protocol.sbe.QuoteDecoder.sourceSeqEncodingOffset();
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = 0;
    for (int round = 0; round < 60; round++) {
      for (int i = 0; i < batch; i++) {
        buffer.setLongLE(i * FRAME + seqAt, (long) round * batch + i + 1);
      }
      buffer.readerIndex(0);
      long before = threads.getCurrentThreadAllocatedBytes();
      channel.writeInbound(buffer.retain());
      if (round >= 30) {
        allocated += threads.getCurrentThreadAllocatedBytes() - before;
      }
    }
    assertThat(taken[0]).isGreaterThanOrEqualTo(60L * batch);
    // The embedded channel allocates a little per read; a quote must not.
    assertThat(allocated / (30.0 * batch)).isLessThan(1.0);
  }

  private EmbeddedChannel connect() {
    return connect(rig);
  }

  private static EmbeddedChannel connect(FeedRig rig) {
    return new EmbeddedChannel(new FeedSession(rig.listener));
  }

  private List<byte[]> login(EmbeddedChannel channel, ClientKey key) {
    ClientHandshake handshake = new ClientHandshake(Role.FEED, key, "test", NonceSource.secure());
    UnsafeBuffer out = new UnsafeBuffer(new byte[2 * SessionWriter.MOST]);
    int length = handshake.hello(out, Framing.HEADER);
    while (length > 0) {
      channel.writeInbound(
          Unpooled.copiedBuffer(out.byteArray(), 0, SessionWriter.frame(out, 0, length)));
      List<byte[]> answers = answers(channel);
      byte[] first = answers.getFirst();
      length = handshake.onMessage(new UnsafeBuffer(first), 0, first.length, out, Framing.HEADER);
      if (length == 0) {
        return answers;
      }
    }
    throw new AssertionError();
  }

  private ErrorCode refusal(ClientKey key) {
    EmbeddedChannel channel = connect();
    List<byte[]> answers = login(channel, key);
    assertThat(channel.isActive()).isFalse();
    return rejectCode(answers.getFirst());
  }

  /** The SBE messages sent since last asked. */
  private static List<byte[]> answers(EmbeddedChannel channel) {
    channel.runPendingTasks();
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    List<byte[]> messages = new ArrayList<>();
    while (all.isReadable()) {
      byte[] message = new byte[all.readInt() - Framing.HEADER];
      all.skipBytes(2).readBytes(message);
      messages.add(message);
    }
    return messages;
  }

  private static List<Integer> templates(List<byte[]> messages) {
    return messages.stream().map(m -> MessageLayout.templateId(new UnsafeBuffer(m), 0)).toList();
  }

  private static ErrorCode errorCode(byte[] message) {
    assertThat(templates(List.of(message))).containsExactly(SessionErrorDecoder.TEMPLATE_ID);
    SessionErrorDecoder error =
        new SessionErrorDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(message), 0, new MessageHeaderDecoder());
    return error.code();
  }

  private static ErrorCode rejectCode(byte[] message) {
    assertThat(templates(List.of(message))).containsExactly(RejectedDecoder.TEMPLATE_ID);
    return new RejectedDecoder()
        .wrapAndApplyHeader(new UnsafeBuffer(message), 0, new MessageHeaderDecoder())
        .code();
  }

  private static long ackOf(List<byte[]> answers) {
    assertThat(templates(answers)).containsExactly(FeedAckDecoder.TEMPLATE_ID);
    return new FeedAckDecoder()
        .wrapAndApplyHeader(new UnsafeBuffer(answers.getFirst()), 0, new MessageHeaderDecoder())
        .sourceSeq();
  }

  private byte[] quotes(long firstSeq, int count) {
    byte[] all = new byte[count * FRAME];
    for (int i = 0; i < count; i++) {
      long seq = firstSeq + i;
      frameOf(seq, seq, 100_000_000L + seq, 100_001_000L + seq, 1).readBytes(all, i * FRAME, FRAME);
    }
    return all;
  }

  private ByteBuf frameOf(long seq, long eventTime, long bid, long ask, int instrument) {
    QuoteEncoder quote =
        new QuoteEncoder().wrapAndApplyHeader(scratch, Framing.HEADER, new MessageHeaderEncoder());
    quote
        .journalSeq(0)
        .time(0)
        .eventTime(eventTime)
        .receiveTime(MessageLayout.ABSENT)
        .sourceSeq(seq)
        .bid(bid)
        .ask(ask)
        .bidSize(MessageLayout.ABSENT)
        .askSize(100)
        .sourceId(0)
        .instrumentId(instrument)
        .flags()
        .clear();
    SessionWriter.frame(scratch, 0, QuoteGate.LENGTH);
    return Unpooled.copiedBuffer(scratch.byteArray(), 0, FRAME);
  }
}
