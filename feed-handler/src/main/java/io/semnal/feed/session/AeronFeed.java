package io.semnal.feed.session;

import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.session.MessageCheck;
import java.nio.ByteOrder;
import java.util.SortedMap;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Takes quotes of one source from an Aeron subscription, through the same checks as a TCP feed's.
 *
 * <p>Nothing goes back to the sender: it says by InstrumentDefinition messages which instruments
 * its ids mean, and numbers its quotes by {@code sourceSeq} over restarts. What came before is
 * dropped; where quotes are missing the source is journaled as DOWN, then UP again. While there is
 * no room the subscription is not read, and Aeron's flow control slows the sender.
 *
 * <p>One thread. Allocates nothing per quote.
 */
public final class AeronFeed implements Agent {
  private static final int BATCH = 64;
  private static final int INSTRUMENT =
      MessageLayout.HEADER + QuoteDecoder.instrumentIdEncodingOffset();
  private static final int UNKNOWN = 0;

  private final Subscription subscription;
  private final String source;
  private final SourceRegistry sources;
  private final SortedMap<Integer, Instrument> instruments;
  private final InboundPort port;
  private final QuoteCheck.Factory checks;
  private final StatusQueue statuses;
  private final AeronFeedCounters counters;
  private final FeedLog log = new FeedLog();
  private final Int2IntHashMap idsBySendersId = new Int2IntHashMap(UNKNOWN);
  private final InstrumentDefinitionDecoder definition = new InstrumentDefinitionDecoder();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final UnsafeBuffer quote = new UnsafeBuffer(new byte[QuoteGate.LENGTH]);
  private final ControlledFragmentHandler handler = this::onFragment;
  private int sourceId;
  private QuoteGate gate;
  private boolean holding;
  private long passedSeq;
  private boolean connected;
  private int handled;

  /**
   * What the feed needs.
   *
   * @param source name in the journal
   * @param instruments by the id that the journal gave
   * @param port of any thread
   */
  public record Context(
      Subscription subscription,
      String source,
      SourceRegistry sources,
      SortedMap<Integer, Instrument> instruments,
      InboundPort port,
      QuoteCheck.Factory checks,
      Metrics metrics) {}

  public AeronFeed(Context context) {
    subscription = context.subscription();
    source = context.source();
    sources = context.sources();
    instruments = context.instruments();
    port = context.port();
    checks = context.checks();
    statuses = new StatusQueue(port);
    counters = new AeronFeedCounters(context.metrics());
  }

  @Override
  public void onStart() {
    boolean isNew = sources.find(source) == 0;
    sourceId = sources.define(source);
    if (isNew) {
      statuses.define(sourceId, source);
    }
    gate = new QuoteGate(sourceId, checks.create(sourceId));
    instruments.keySet().forEach(gate::allow);
    passedSeq = sources.lastSeq(sourceId);
  }

  @Override
  public int doWork() {
    handled = statuses.isEmpty() ? 0 : statuses.drain();
    if (subscription.isConnected() != connected) {
      onConnection(!connected);
    }
    if (holding && !offer()) {
      return handled;
    }
    subscription.controlledPoll(handler, BATCH);
    return handled;
  }

  private void onConnection(boolean isConnected) {
    connected = isConnected;
    counters.connected.set(isConnected ? 1 : 0);
    statuses.state(
        sourceId,
        isConnected ? FeedState.UP : FeedState.DOWN,
        isConnected ? "connected" : "nobody publishes over Aeron");
  }

  private Action onFragment(DirectBuffer buffer, int offset, int length, Header frame) {
    handled++;
    boolean isWhole =
        (frame.flags() & FrameDescriptor.UNFRAGMENTED) == FrameDescriptor.UNFRAGMENTED;
    int wrong =
        isWhole ? MessageCheck.check(buffer, offset, length) : ErrorCode.FRAME_TOO_LARGE.value();
    if (wrong != MessageCheck.OK) {
      malformed(frame, ErrorCode.get(wrong) + ": a message of " + length + " bytes");
      return Action.CONTINUE;
    }
    int template = MessageLayout.templateId(buffer, offset);
    switch (template) {
      case QuoteDecoder.TEMPLATE_ID -> onQuote(buffer, offset);
      case InstrumentDefinitionDecoder.TEMPLATE_ID -> onDefinition(buffer, offset, frame);
      case HeartbeatDecoder.TEMPLATE_ID -> {
        // The sender lives.
      }
      default -> malformed(frame, "a feed does not send template " + template);
    }
    return holding ? Action.BREAK : Action.CONTINUE;
  }

  private void malformed(Header frame, String what) {
    counters.malformed.incrementOwned();
    log.log(source, what + ", from Aeron session " + frame.sessionId());
  }

  private void onDefinition(DirectBuffer buffer, int offset, Header frame) {
    definition.wrapAndApplyHeader(buffer, offset, header);
    int sendersId = definition.instrumentId();
    String symbol = definition.symbol();
    idsBySendersId.remove(sendersId);
    instruments.forEach(
        (id, instrument) -> {
          if (instrument.symbol().equals(symbol)) {
            idsBySendersId.put(sendersId, id.intValue());
          }
        });
    if (!idsBySendersId.containsKey(sendersId)) {
      log.log(
          source,
          "instrument '"
              + symbol
              + "' is none of this server's, from session "
              + frame.sessionId());
    }
  }

  private void onQuote(DirectBuffer buffer, int offset) {
    // The sender's memory is not ours to stamp.
    quote.putBytes(0, buffer, offset, QuoteGate.LENGTH);
    long seq = QuoteGate.sourceSeq(quote, 0);
    if (seq <= passedSeq) {
      counters.repeats.incrementOwned();
      return;
    }
    if (passedSeq > 0 && seq != passedSeq + 1) {
      onGap(seq);
    }
    int sendersId = quote.getInt(INSTRUMENT, ByteOrder.LITTLE_ENDIAN);
    quote.putInt(INSTRUMENT, idsBySendersId.get(sendersId), ByteOrder.LITTLE_ENDIAN);
    int verdict = gate.admit(quote, 0);
    passedSeq = seq;
    if (verdict != QuoteGate.ADMITTED) {
      ErrorCode code = ErrorCode.get(verdict);
      counters.rejected(code);
      log.log(
          source,
          code + ": " + QuoteGate.describe(quote, 0) + ", the sender's instrument " + sendersId);
      return;
    }
    holding = true;
    if (!offer()) {
      counters.pushbacks.incrementOwned();
    }
  }

  private void onGap(long seq) {
    counters.gaps.incrementOwned();
    String what = "quotes " + (passedSeq + 1) + " to " + (seq - 1) + " are missing";
    log.log(source, what);
    statuses.state(sourceId, FeedState.DOWN, what);
    statuses.state(sourceId, FeedState.UP, "the feed goes on at " + seq);
  }

  /** Offers the quote at hand, behind what has to stand before it. */
  private boolean offer() {
    if (!statuses.isEmpty()) {
      statuses.drain();
    }
    if (!statuses.isEmpty() || !port.offer(quote, 0, QuoteGate.LENGTH)) {
      return false;
    }
    holding = false;
    counters.quotes.incrementOwned();
    return true;
  }

  /** {@code sourceSeq} of the last quote dealt with. */
  long passedSeq() {
    return passedSeq;
  }

  @Override
  public String roleName() {
    return "aeron-feed";
  }
}
