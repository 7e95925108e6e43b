package io.semnal.gateway.fix;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.gateway.json.Names;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns outbound messages into {@link FixFrame}s: signals and their lives into IOIs (35=6), status
 * into News (35=B). Signals and events allocate nothing. Loop thread.
 */
public final class FixMessages {
  private static final char BUY = '1';
  private static final char SELL = '2';
  private static final int FIRST_CAPACITY = 2048;

  private final FixFields fields;
  private final SignalTerms terms;
  private final SessionFrames session;
  private final UnsafeBuffer frame = new UnsafeBuffer(new byte[FIRST_CAPACITY]);
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final FeedQualityDecoder quality = new FeedQualityDecoder();
  private final DiscontinuityDecoder discontinuity = new DiscontinuityDecoder();
  private final EngineStatusDecoder status = new EngineStatusDecoder();
  private int type;
  private FixFrame.Kind kind;
  private long topic;
  private long signalId;
  private char side;
  private int first;
  private int second;

  /**
   * @param epoch of the stream as it is now
   */
  public FixMessages(Names names, LongSupplier epoch, SignalTerms terms) {
    fields = new FixFields(names, epoch);
    this.terms = terms;
    session = new SessionFrames(fields);
  }

  /** The frame that was made last. */
  public byte[] bytes() {
    return frame.byteArray();
  }

  /**
   * @param slashes whether symbols are written as EUR/USD
   * @return the frame's length; 0: such a message is not told over FIX
   */
  public int encode(DirectBuffer buffer, int offset, boolean slashes) {
    fields.begin(slashes);
    kind = FixFrame.Kind.PLAIN;
    topic = 0;
    signalId = 0;
    side = 0;
    second = 0;
    if (!write(buffer, offset, slashes)) {
      return 0;
    }
    if (kind != FixFrame.Kind.NEUTRAL) {
      first = take(0);
    }
    if (first < 0 || second < 0) {
      return 0;
    }
    FixFrame.write(frame, type, kind, topic, signalId, side, first, second);
    return FixFrame.HEADER + first + second;
  }

  /** Copies the fields written so far behind others of that length. */
  private int take(int behind) {
    int length = fields.out().fieldsLength();
    int needed = FixFrame.HEADER + behind + Math.max(0, length);
    if (needed > frame.capacity()) {
      byte[] larger = new byte[Integer.highestOneBit(needed) << 1];
      frame.getBytes(0, larger, 0, frame.capacity());
      frame.wrap(larger);
    }
    if (length > 0) {
      fields.out().getFields(frame.byteArray(), FixFrame.HEADER + behind);
    }
    return length;
  }

  private boolean write(DirectBuffer buffer, int offset, boolean slashes) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case SignalDecoder.TEMPLATE_ID -> signal(buffer, offset, slashes);
      case SignalEventDecoder.TEMPLATE_ID -> event(buffer, offset);
      case FeedQualityDecoder.TEMPLATE_ID -> quality(buffer, offset);
      case DiscontinuityDecoder.TEMPLATE_ID -> discontinuity(buffer, offset);
      case EngineStatusDecoder.TEMPLATE_ID -> status(buffer, offset);
      default -> {
        if (!session.write(buffer, offset)) {
          return false;
        }
        type = session.msgType();
        kind = session.kind();
      }
    }
    return true;
  }

  /** Strategy and instrument: one signal is open for each pair at most. */
  private void topic(DirectBuffer buffer, int offset) {
    topic =
        (long) MessageLayout.strategyId(buffer, offset) << Integer.SIZE
            | MessageLayout.instrumentId(buffer, offset);
  }

  private void signal(DirectBuffer buffer, int offset, boolean slashes) {
    signal.wrapAndApplyHeader(buffer, offset, header);
    topic(buffer, offset);
    signalId = MessageLayout.outSeq(buffer, offset);
    SignalType signalType = signal.signalType();
    if (signalType == SignalType.NEUTRAL) {
      kind = FixFrame.Kind.NEUTRAL;
      neutral(buffer, offset, slashes);
      return;
    }
    // Those of a replay may be older than what the loop began with.
    terms.keep(signalId, signal);
    type = MsgType.IOI;
    kind = FixFrame.Kind.OPENED;
    int decimals = fields.decimals(buffer, offset);
    ioi(buffer, offset, 'N', signalType);
    fields.price(Tag.PRICE, signal.entry(), decimals);
    fields.time(Tag.VALID_UNTIL_TIME, signal.expiration());
    fields.out().text(Tag.TEXT, signalType.name());
    signalFields(buffer, offset, signalType, decimals);
    fields.price(UserTag.STOP_LOSS, signal.stopLoss(), decimals);
    fields.price(UserTag.TAKE_PROFIT, signal.takeProfit(), decimals);
  }

  /** News where the session has no live IOI, its cancel where it has one. */
  private void neutral(DirectBuffer buffer, int offset, boolean slashes) {
    type = MsgType.NEWS;
    int decimals = fields.decimals(buffer, offset);
    news("NEUTRAL", buffer, offset, "NEUTRAL");
    signalFields(buffer, offset, SignalType.NEUTRAL, decimals);
    first = take(0);
    fields.begin(slashes);
    ioi(buffer, offset, 'C', SignalType.NEUTRAL);
    fields.out().text(Tag.TEXT, "NEUTRAL");
    signalFields(buffer, offset, SignalType.NEUTRAL, decimals);
    second = first < 0 ? -1 : take(first);
  }

  private void signalFields(DirectBuffer buffer, int offset, SignalType signalType, int decimals) {
    fields.position(buffer, offset);
    fields.out().integer(UserTag.SIGNAL_ID, signalId).text(UserTag.SIGNAL_TYPE, signalType.name());
    fields.name(UserTag.MODEL, fields.names().model(signal.modelId()));
    fields.real(UserTag.STRENGTH, signal.strength());
    fields.hex(UserTag.FEATURE_HASH, signal.featureHash());
    fields.time(UserTag.EVENT_TIME, signal.eventTime());
    fields.price(UserTag.BID, signal.bid(), decimals);
    fields.price(UserTag.ASK, signal.ask(), decimals);
  }

  /**
   * What every IOI begins with; the side of a NEUTRAL's is the session's to add, as is what it
   * cancels.
   */
  private void ioi(DirectBuffer buffer, int offset, char trans, SignalType signalType) {
    FixEncoder out = fields.out();
    out.integer(Tag.IOI_ID, MessageLayout.outSeq(buffer, offset))
        .character(Tag.IOI_TRANS_TYPE, trans);
    fields.symbol(buffer, offset);
    if (signalType != SignalType.NEUTRAL) {
      side = signalType == SignalType.BUY ? BUY : SELL;
      out.character(Tag.SIDE, side);
    }
    out.character(Tag.IOI_QTY, 'S').flag(Tag.IOI_NATURAL_FLAG, false);
    fields.time(Tag.TRANSACT_TIME, MessageLayout.outboundTime(buffer, offset));
  }

  private void event(DirectBuffer buffer, int offset) {
    event.wrapAndApplyHeader(buffer, offset, header);
    type = MsgType.IOI;
    topic(buffer, offset);
    signalId = event.signalId();
    SignalState state = event.state();
    boolean over = state == SignalState.ENDED || state == SignalState.INVALIDATED;
    kind = over ? FixFrame.Kind.ENDED : FixFrame.Kind.PLAIN;
    int decimals = fields.decimals(buffer, offset);
    ioi(buffer, offset, over ? 'C' : 'R', event.signalType());
    FixEncoder out = fields.out();
    out.integer(Tag.IOI_REF_ID, signalId);
    fields.price(over ? UserTag.EXIT_PRICE : Tag.PRICE, event.price(), decimals);
    boolean repeated = !over && terms.find(signalId);
    if (repeated) {
      fields.time(Tag.VALID_UNTIL_TIME, terms.expiration());
    }
    out.text(Tag.TEXT, over ? event.reason().name() : state.name());
    fields.position(buffer, offset);
    out.integer(UserTag.SIGNAL_ID, signalId)
        .text(UserTag.SIGNAL_TYPE, event.signalType().name())
        .text(UserTag.SIGNAL_STATE, state.name());
    if (over) {
      out.text(UserTag.END_REASON, event.reason().name());
      fields.real(UserTag.PIPS, event.pips());
    }
    if (repeated) {
      fields.real(UserTag.STRENGTH, terms.strength());
      fields.price(UserTag.STOP_LOSS, terms.stopLoss(), decimals);
      fields.price(UserTag.TAKE_PROFIT, terms.takeProfit(), decimals);
    }
    fields.name(UserTag.MODEL, fields.names().model(event.modelId()));
    out.integer(UserTag.REPEATS, event.repeats());
    fields.time(UserTag.EVENT_TIME, event.eventTime());
    fields.price(UserTag.BID, event.bid(), decimals);
    fields.price(UserTag.ASK, event.ask(), decimals);
  }

  /** Headline, time, the instrument if it is about one, and a line of text. */
  private void news(String headline, DirectBuffer buffer, int offset, String text) {
    type = MsgType.NEWS;
    FixEncoder out = fields.out();
    fields.time(SessionFrames.ORIG_TIME, MessageLayout.outboundTime(buffer, offset));
    out.text(Tag.HEADLINE, headline);
    if (MessageLayout.instrumentId(buffer, offset) != 0) {
      out.integer(Tag.NO_RELATED_SYM, 1);
      fields.symbol(buffer, offset);
    }
    out.integer(SessionFrames.LINES_OF_TEXT, 1);
    out.text(Tag.TEXT, text.isEmpty() ? headline : text);
  }

  private void quality(DirectBuffer buffer, int offset) {
    quality.wrapAndApplyHeader(buffer, offset, header);
    news("FEED " + quality.state(), buffer, offset, quality.reason());
    fields.position(buffer, offset);
  }

  private void discontinuity(DirectBuffer buffer, int offset) {
    discontinuity.wrapAndApplyHeader(buffer, offset, header);
    long from = discontinuity.lostFrom();
    long to = discontinuity.lostTo();
    String lost = "journalSeq " + from + " to " + to + " were lost: " + discontinuity.reason();
    news("DISCONTINUITY", buffer, offset, lost);
    fields.position(buffer, offset);
  }

  private void status(DirectBuffer buffer, int offset) {
    status.wrapAndApplyHeader(buffer, offset, header);
    String headline = "ENGINE " + status.state() + " by " + status.command();
    news(headline, buffer, offset, status.reason());
    fields.position(buffer, offset);
  }
}
