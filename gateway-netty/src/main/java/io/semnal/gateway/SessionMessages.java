package io.semnal.gateway;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.CommandResultEncoder;
import io.semnal.protocol.sbe.ConflatedEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ReplayBeginEncoder;
import io.semnal.protocol.sbe.ReplayEndEncoder;
import io.semnal.protocol.sbe.SlowWarningEncoder;
import io.semnal.protocol.sbe.SnapshotBeginEncoder;
import io.semnal.protocol.sbe.SnapshotEndEncoder;
import io.semnal.protocol.sbe.SubscribedEncoder;
import io.semnal.protocol.sbe.TimeSyncEncoder;
import io.semnal.protocol.session.SessionWriter;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes what a client session says on its own account, one message at a time into {@link
 * #buffer}; every method returns the message's length. Loop thread.
 */
final class SessionMessages {
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[SessionWriter.MOST]);
  private final SessionWriter writer = new SessionWriter();
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final SubscribedEncoder subscribed = new SubscribedEncoder();
  private final SnapshotBeginEncoder snapshotBegin = new SnapshotBeginEncoder();
  private final SnapshotEndEncoder snapshotEnd = new SnapshotEndEncoder();
  private final ReplayBeginEncoder replayBegin = new ReplayBeginEncoder();
  private final ReplayEndEncoder replayEnd = new ReplayEndEncoder();
  private final TimeSyncEncoder timeSync = new TimeSyncEncoder();
  private final ConflatedEncoder conflated = new ConflatedEncoder();
  private final SlowWarningEncoder slowWarning = new SlowWarningEncoder();
  private final CommandResultEncoder commandResult = new CommandResultEncoder();

  UnsafeBuffer buffer() {
    return buffer;
  }

  /** The messages that both kinds of sessions know. */
  SessionWriter writer() {
    return writer;
  }

  int subscribed(long requestId, int channels, long epoch, long headOutSeq) {
    subscribed
        .wrapAndApplyHeader(buffer, 0, header)
        .requestId(requestId)
        .epoch(epoch)
        .headOutSeq(headOutSeq);
    buffer.putShort(
        MessageLayout.HEADER + SubscribedEncoder.channelsEncodingOffset(),
        (short) channels,
        ByteOrder.LITTLE_ENDIAN);
    return MessageLayout.HEADER + SubscribedEncoder.BLOCK_LENGTH;
  }

  int snapshotBegin(long requestId, long atOutSeq) {
    snapshotBegin.wrapAndApplyHeader(buffer, 0, header).requestId(requestId).atOutSeq(atOutSeq);
    return MessageLayout.HEADER + SnapshotBeginEncoder.BLOCK_LENGTH;
  }

  int snapshotEnd(long requestId, long atOutSeq) {
    snapshotEnd.wrapAndApplyHeader(buffer, 0, header).requestId(requestId).atOutSeq(atOutSeq);
    return MessageLayout.HEADER + SnapshotEndEncoder.BLOCK_LENGTH;
  }

  int replayBegin(long requestId, long fromOutSeq, long toOutSeq) {
    replayBegin
        .wrapAndApplyHeader(buffer, 0, header)
        .requestId(requestId)
        .fromOutSeq(fromOutSeq)
        .toOutSeq(toOutSeq);
    return MessageLayout.HEADER + ReplayBeginEncoder.BLOCK_LENGTH;
  }

  int replayEnd(long requestId, long lastOutSeq) {
    replayEnd.wrapAndApplyHeader(buffer, 0, header).requestId(requestId).lastOutSeq(lastOutSeq);
    return MessageLayout.HEADER + ReplayEndEncoder.BLOCK_LENGTH;
  }

  int timeSync(long clientSend, long serverReceive, long serverSend) {
    timeSync
        .wrapAndApplyHeader(buffer, 0, header)
        .clientSend(clientSend)
        .serverReceive(serverReceive)
        .serverSend(serverSend);
    return MessageLayout.HEADER + TimeSyncEncoder.BLOCK_LENGTH;
  }

  /** Quotes of one instrument whose journalSeq lies in this range, ends included, were left out. */
  int quotesConflated(long fromSeq, long toSeq, int instrumentId) {
    conflated
        .wrapAndApplyHeader(buffer, 0, header)
        .fromSeq(fromSeq)
        .toSeq(toSeq)
        .instrumentId(instrumentId)
        .timeframe(0)
        .strategyId(0)
        .channels()
        .clear()
        .quotes(true);
    return MessageLayout.HEADER + ConflatedEncoder.BLOCK_LENGTH;
  }

  /** Scores of a topic were left out: of that of {@code score}. */
  int scoresConflated(long fromSeq, long toSeq, DirectBuffer score) {
    conflated
        .wrapAndApplyHeader(buffer, 0, header)
        .fromSeq(fromSeq)
        .toSeq(toSeq)
        .instrumentId(MessageLayout.instrumentId(score, 0))
        .timeframe(MessageLayout.timeframe(score, 0))
        .strategyId(MessageLayout.strategyId(score, 0))
        .channels()
        .clear()
        .scores(true);
    return MessageLayout.HEADER + ConflatedEncoder.BLOCK_LENGTH;
  }

  int slowWarning(long lastOutSeq, long headOutSeq, long waitingBytes, long limitBytes) {
    slowWarning
        .wrapAndApplyHeader(buffer, 0, header)
        .lastOutSeq(lastOutSeq)
        .headOutSeq(headOutSeq)
        .waitingBytes(waitingBytes)
        .limitBytes(limitBytes);
    return MessageLayout.HEADER + SlowWarningEncoder.BLOCK_LENGTH;
  }

  int commandResult(long requestId, long journalSeq) {
    commandResult.wrapAndApplyHeader(buffer, 0, header).requestId(requestId).journalSeq(journalSeq);
    return MessageLayout.HEADER + CommandResultEncoder.BLOCK_LENGTH;
  }
}
