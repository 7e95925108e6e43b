package io.semnal.client;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ConflatedSubscribeEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.SubscribeEncoder;
import io.semnal.protocol.sbe.TimeSyncEncoder;
import io.semnal.protocol.sbe.UnsubscribeEncoder;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.protocol.session.SessionWriter;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** Encodes a client's requests in SBE; each method returns the length of the message. */
final class SbeRequests {
  private static final int FIXED =
      MessageLayout.HEADER + ConflatedSubscribeEncoder.BLOCK_LENGTH + 3 * 4;
  private static final int SYMBOL = 16;
  private static final int NAME = 32;

  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final SubscribeEncoder subscribe = new SubscribeEncoder();
  private final ConflatedSubscribeEncoder conflated = new ConflatedSubscribeEncoder();
  private final TimeSyncEncoder timeSync = new TimeSyncEncoder();
  private final UnsubscribeEncoder unsubscribe = new UnsubscribeEncoder();
  private final SessionWriter writer = new SessionWriter();

  /** How long {@link #subscribe} will be. */
  static int length(Subscription s) {
    return FIXED
        + s.instruments().size() * SYMBOL
        + s.timeframes().size() * Integer.BYTES
        + s.strategies().size() * NAME;
  }

  int subscribe(MutableDirectBuffer buffer, int offset, long requestId, Subscription s) {
    return s.conflation() == null
        ? plain(buffer, offset, requestId, s)
        : conflated(buffer, offset, requestId, s);
  }

  private int plain(MutableDirectBuffer buffer, int offset, long requestId, Subscription s) {
    ResumeToken token = s.resume();
    subscribe
        .wrapAndApplyHeader(buffer, offset, header)
        .requestId(requestId)
        .resume(bool(token != null))
        .epoch(token == null ? 0 : token.epoch())
        .fromOutSeq(token == null ? 0 : token.outSeq())
        .snapshot(bool(s.snapshot()))
        .features(bool(s.features()));
    putChannels(buffer, offset + SubscribeEncoder.channelsEncodingOffset(), s.channelBits());
    SubscribeEncoder.InstrumentsEncoder instruments =
        subscribe.instrumentsCount(s.instruments().size());
    s.instruments().forEach(symbol -> instruments.next().symbol(symbol));
    SubscribeEncoder.TimeframesEncoder timeframes =
        subscribe.timeframesCount(s.timeframes().size());
    s.timeframes().forEach(seconds -> timeframes.next().seconds(seconds));
    SubscribeEncoder.StrategiesEncoder strategies =
        subscribe.strategiesCount(s.strategies().size());
    s.strategies().forEach(name -> strategies.next().name(name));
    return MessageLayout.HEADER + subscribe.encodedLength();
  }

  private int conflated(MutableDirectBuffer buffer, int offset, long requestId, Subscription s) {
    ResumeToken token = s.resume();
    conflated
        .wrapAndApplyHeader(buffer, offset, header)
        .requestId(requestId)
        .resume(bool(token != null))
        .epoch(token == null ? 0 : token.epoch())
        .fromOutSeq(token == null ? 0 : token.outSeq())
        .snapshot(bool(s.snapshot()))
        .features(bool(s.features()))
        .conflation(s.conflation().mode())
        .intervalMillis((int) s.conflation().interval().toMillis());
    putChannels(
        buffer, offset + ConflatedSubscribeEncoder.channelsEncodingOffset(), s.channelBits());
    ConflatedSubscribeEncoder.InstrumentsEncoder instruments =
        conflated.instrumentsCount(s.instruments().size());
    s.instruments().forEach(symbol -> instruments.next().symbol(symbol));
    ConflatedSubscribeEncoder.TimeframesEncoder timeframes =
        conflated.timeframesCount(s.timeframes().size());
    s.timeframes().forEach(seconds -> timeframes.next().seconds(seconds));
    ConflatedSubscribeEncoder.StrategiesEncoder strategies =
        conflated.strategiesCount(s.strategies().size());
    s.strategies().forEach(name -> strategies.next().name(name));
    return MessageLayout.HEADER + conflated.encodedLength();
  }

  int timeSync(MutableDirectBuffer buffer, int offset, long clientSend) {
    timeSync
        .wrapAndApplyHeader(buffer, offset, header)
        .clientSend(clientSend)
        .serverReceive(MessageLayout.ABSENT)
        .serverSend(MessageLayout.ABSENT);
    return MessageLayout.HEADER + TimeSyncEncoder.BLOCK_LENGTH;
  }

  int unsubscribe(MutableDirectBuffer buffer, int offset, long requestId, int channelBits) {
    unsubscribe.wrapAndApplyHeader(buffer, offset, header).requestId(requestId);
    putChannels(buffer, offset + UnsubscribeEncoder.channelsEncodingOffset(), channelBits);
    return MessageLayout.HEADER + UnsubscribeEncoder.BLOCK_LENGTH;
  }

  int heartbeat(MutableDirectBuffer buffer, int offset) {
    return writer.heartbeat(buffer, offset, 0, 0, MessageLayout.ABSENT);
  }

  private static void putChannels(MutableDirectBuffer buffer, int field, int bits) {
    buffer.putShort(MessageLayout.HEADER + field, (short) bits, ByteOrder.LITTLE_ENDIAN);
  }

  private static BooleanType bool(boolean value) {
    return value ? BooleanType.T : BooleanType.F;
  }
}
