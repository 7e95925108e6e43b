package io.semnal.feed.fix;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.normalise.QuoteNormalizer;
import io.semnal.feed.session.StatusQueue;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.FixTransport;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.store.MemoryStore;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.FeedStatusDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/** A venue's session in memory: hand-written text in, requests and journaled messages out. */
final class VenueRig implements FixTransport, InboundPort {
  /** 2026-11-20T12:00:00Z. */
  static final long NOON = Instant.parse("2026-11-20T12:00:00Z").getEpochSecond() * 1_000_000_000L;

  static final List<Instrument> PAIRS =
      List.of(pair("EUR", "USD", 5, 10_000), pair("USD", "JPY", 3, 1_000_000));
  static final int EURUSD = 11;
  static final int USDJPY = 12;

  final List<String> sent = new ArrayList<>();
  final List<String> journaled = new ArrayList<>();
  final Metrics metrics = new Metrics();
  final FixPriceSession prices;
  final FixSession session;
  boolean full;
  boolean keeps = true;
  private final FixVersion version;
  private int nextIn = 1;

  private static Instrument pair(String base, String quote, int decimals, long pip) {
    return new Instrument(base + quote, base, quote, pip, decimals);
  }

  VenueRig(String profile, Map<String, String> names) {
    this(profile, names, new SourceArbiter(1, 2, 2_000_000_000L), 0);
  }

  VenueRig(String profileName, Map<String, String> names, SourceArbiter arbiter, int place) {
    VenueProfile profile = VenueProfile.of(profileName);
    version = profile.version();
    SymbolTable symbols = new SymbolTable();
    int[] ids = {EURUSD, USDJPY};
    StatusQueue statuses = new StatusQueue(this);
    FixQuotes quotes =
        new FixQuotes(
            this,
            new QuoteNormalizer(
                new RuntimeConfig.Feed(
                    true,
                    "127.0.0.1",
                    0,
                    false,
                    Path.of("keys.conf"),
                    0,
                    Duration.ZERO,
                    Duration.ZERO),
                "venue",
                id -> true,
                metrics),
            arbiter,
            place,
            new int[] {0, 1},
            "venue",
            7,
            0,
            ids,
            () -> MessageLayout.ABSENT,
            nanos -> {},
            metrics);
    prices =
        new FixPriceSession(
            "venue",
            profile,
            symbols,
            new Subscription(profile, PAIRS, names, symbols),
            quotes,
            statuses,
            arbiter,
            place,
            ids,
            null,
            metrics);
    session =
        new FixSession(
            SessionConfig.initiator(profile.version(), "US", "VENUE")
                .resetOnLogon(profile.resetOnLogon())
                .subIds(
                    profile.senderSubId().isEmpty() ? null : profile.senderSubId(),
                    profile.targetSubId().isEmpty() ? null : profile.targetSubId())
                .build(),
            new MemoryStore(),
            prices);
    session.connected(this, NOON);
    receive("35=A|34=1|49=VENUE|56=US|52=20261120-12:00:00.000|98=0|108=30" + reset(profile));
    nextIn = 2;
  }

  private static String reset(VenueProfile profile) {
    return profile.resetOnLogon() ? "|141=Y" : "";
  }

  /** A message as it is. */
  void receive(String body) {
    session.received(FixText.message(version.beginString(), body), NOON);
  }

  /** A message of that type and body, with the next number, sent at noon. */
  void venue(String type, String body) {
    receive("35=" + type + "|34=" + nextIn++ + "|49=VENUE|56=US|52=20261120-12:00:00.000|" + body);
  }

  /** That many numbers are lost. */
  void lose(int messages) {
    nextIn += messages;
  }

  int nextIn() {
    return nextIn;
  }

  /** What was journaled since the last call. */
  List<String> heard() {
    List<String> all = List.copyOf(journaled);
    journaled.clear();
    return all;
  }

  /** Bodies of requests since the last call, from behind their header's TargetCompID. */
  List<String> requests() {
    List<String> all = List.copyOf(sent);
    sent.clear();
    return all;
  }

  @Override
  public void send(DirectBuffer buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.getBytes(offset, bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace('\1', '|');
    String type = text.replaceAll(".*\\|35=([^|]*)\\|.*", "$1");
    sent.add(type + " " + text.replaceAll(".*\\|52=[^|]*\\|56=VENUE\\|(.*)10=...\\|", "$1"));
  }

  @Override
  public void flush() {
    // Sent at once.
  }

  @Override
  public void close() {
    // The test says when it ends.
  }

  @Override
  public boolean offer(DirectBuffer buffer, int offset, int length) {
    if (full) {
      return false;
    }
    if (!keeps) {
      return true;
    }
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    switch (MessageLayout.templateId(buffer, offset)) {
      case QuoteDecoder.TEMPLATE_ID -> {
        QuoteDecoder q = new QuoteDecoder().wrapAndApplyHeader(buffer, offset, header);
        journaled.add(
            pair(q.instrumentId())
                + " #"
                + q.sourceSeq()
                + " "
                + price(q.bid(), 8)
                + "/"
                + price(q.ask(), 8)
                + " "
                + price(q.bidSize(), 2)
                + "x"
                + price(q.askSize(), 2)
                + " at "
                + at(q.eventTime()));
      }
      case ConflatedQuoteDecoder.TEMPLATE_ID -> {
        ConflatedQuoteDecoder q =
            new ConflatedQuoteDecoder().wrapAndApplyHeader(buffer, offset, header);
        journaled.add(
            pair(q.instrumentId())
                + " #"
                + q.sourceSeq()
                + " of "
                + q.count()
                + " "
                + price(q.bid(), 8)
                + "/"
                + price(q.ask(), 8)
                + " bid "
                + price(q.bidLow(), 8)
                + ".."
                + price(q.bidHigh(), 8)
                + " ask "
                + price(q.askLow(), 8)
                + ".."
                + price(q.askHigh(), 8)
                + (q.flags().conflated() ? " conflated" : ""));
      }
      case FeedStatusDecoder.TEMPLATE_ID -> {
        FeedStatusDecoder s = new FeedStatusDecoder().wrapAndApplyHeader(buffer, offset, header);
        journaled.add(s.state() + " " + (s.instrumentId() == 0 ? "all" : pair(s.instrumentId())));
      }
      default -> journaled.add("template " + MessageLayout.templateId(buffer, offset));
    }
    return true;
  }

  private static String pair(int id) {
    return id == EURUSD ? "EURUSD" : id == USDJPY ? "USDJPY" : "?" + id;
  }

  private static String at(long time) {
    return Instant.ofEpochSecond(time / 1_000_000_000L, time % 1_000_000_000L).toString();
  }

  private static String price(long mantissa, int scale) {
    return mantissa == MessageLayout.ABSENT
        ? "-"
        : BigDecimal.valueOf(mantissa, scale).stripTrailingZeros().toPlainString();
  }
}
