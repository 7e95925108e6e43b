package io.semnal.gateway.json;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ChallengeDecoder;
import io.semnal.protocol.sbe.CommandResultDecoder;
import io.semnal.protocol.sbe.ConflatedDecoder;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.ReplayEndDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.ShutdownDecoder;
import io.semnal.protocol.sbe.SlowWarningDecoder;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.sbe.TimeSyncDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import org.agrona.DirectBuffer;

/** Tells the server's session messages as JSON objects, by the rules of {@link OutboundJson}. */
final class SessionJson {
  private final JsonText out;
  private final Names names;
  private final Labels labels = new Labels();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ChallengeDecoder challenge = new ChallengeDecoder();
  private final AcceptedDecoder accepted = new AcceptedDecoder();
  private final RejectedDecoder rejected = new RejectedDecoder();
  private final SubscribedDecoder subscribed = new SubscribedDecoder();
  private final SnapshotBeginDecoder snapshotBegin = new SnapshotBeginDecoder();
  private final SnapshotEndDecoder snapshotEnd = new SnapshotEndDecoder();
  private final ReplayBeginDecoder replayBegin = new ReplayBeginDecoder();
  private final ReplayEndDecoder replayEnd = new ReplayEndDecoder();
  private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
  private final ConflatedDecoder conflated = new ConflatedDecoder();
  private final TimeSyncDecoder timeSync = new TimeSyncDecoder();
  private final SessionErrorDecoder error = new SessionErrorDecoder();
  private final ShutdownDecoder shutdown = new ShutdownDecoder();
  private final ViewerQuoteDecoder quote = new ViewerQuoteDecoder();
  private final SlowWarningDecoder slowWarning = new SlowWarningDecoder();
  private final CommandResultDecoder commandResult = new CommandResultDecoder();

  SessionJson(JsonText out, Names names) {
    this.out = out;
    this.names = names;
  }

  /**
   * @return {@code false} if the template is not known
   */
  boolean write(DirectBuffer buffer, int offset) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case ChallengeDecoder.TEMPLATE_ID -> challenge(buffer, offset);
      case AcceptedDecoder.TEMPLATE_ID -> accepted(buffer, offset);
      case RejectedDecoder.TEMPLATE_ID -> rejected(buffer, offset);
      case SubscribedDecoder.TEMPLATE_ID -> subscribed(buffer, offset);
      case SnapshotBeginDecoder.TEMPLATE_ID, SnapshotEndDecoder.TEMPLATE_ID ->
          snapshot(buffer, offset);
      case ReplayBeginDecoder.TEMPLATE_ID, ReplayEndDecoder.TEMPLATE_ID -> replay(buffer, offset);
      case HeartbeatDecoder.TEMPLATE_ID -> heartbeat(buffer, offset);
      case ConflatedDecoder.TEMPLATE_ID -> conflated(buffer, offset);
      case TimeSyncDecoder.TEMPLATE_ID -> timeSync(buffer, offset);
      case SessionErrorDecoder.TEMPLATE_ID -> error(buffer, offset);
      case ShutdownDecoder.TEMPLATE_ID -> shutdown(buffer, offset);
      case ViewerQuoteDecoder.TEMPLATE_ID -> quote(buffer, offset);
      case SlowWarningDecoder.TEMPLATE_ID -> slowWarning(buffer, offset);
      case CommandResultDecoder.TEMPLATE_ID -> commandResult(buffer, offset);
      default -> {
        return false;
      }
    }
    out.end();
    return true;
  }

  private void challenge(DirectBuffer buffer, int offset) {
    challenge.wrapAndApplyHeader(buffer, offset, header);
    byte[] nonce = new byte[ChallengeDecoder.serverNonceLength()];
    challenge.getServerNonce(nonce, 0, nonce.length);
    out.begin("challenge").int32("version", challenge.version()).hex("serverNonce", nonce);
  }

  private void accepted(DirectBuffer buffer, int offset) {
    accepted.wrapAndApplyHeader(buffer, offset, header);
    out.begin("accepted")
        .int64("sessionId", accepted.sessionId())
        .int32("epoch", accepted.epoch())
        .int64("oldestOutSeq", accepted.oldestOutSeq())
        .int64("headOutSeq", accepted.headOutSeq())
        .int32("heartbeatMillis", accepted.heartbeatMillis())
        .int32("maxFrame", accepted.maxFrame())
        .bool("admin", accepted.admin() == BooleanType.T)
        .flags("channels", accepted.channels().getRaw(), FlagNames.CHANNELS)
        .text("serverName", accepted.serverName());
  }

  private void rejected(DirectBuffer buffer, int offset) {
    rejected.wrapAndApplyHeader(buffer, offset, header);
    out.begin("rejected")
        .text("code", rejected.code().name())
        .bool("retryable", rejected.retryable() == BooleanType.T)
        .text("text", rejected.text());
  }

  private void subscribed(DirectBuffer buffer, int offset) {
    subscribed.wrapAndApplyHeader(buffer, offset, header);
    out.begin("subscribed")
        .int64("requestId", subscribed.requestId())
        .flags("channels", subscribed.channels().getRaw(), FlagNames.CHANNELS)
        .int32("epoch", subscribed.epoch())
        .int64("headOutSeq", subscribed.headOutSeq());
  }

  private void snapshot(DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) == SnapshotBeginDecoder.TEMPLATE_ID) {
      snapshotBegin.wrapAndApplyHeader(buffer, offset, header);
      out.begin("snapshotBegin")
          .int64("requestId", snapshotBegin.requestId())
          .int64("atOutSeq", snapshotBegin.atOutSeq());
    } else {
      snapshotEnd.wrapAndApplyHeader(buffer, offset, header);
      out.begin("snapshotEnd")
          .int64("requestId", snapshotEnd.requestId())
          .int64("atOutSeq", snapshotEnd.atOutSeq());
    }
  }

  private void replay(DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) == ReplayBeginDecoder.TEMPLATE_ID) {
      replayBegin.wrapAndApplyHeader(buffer, offset, header);
      out.begin("replayBegin")
          .int64("requestId", replayBegin.requestId())
          .int64("fromOutSeq", replayBegin.fromOutSeq())
          .int64("toOutSeq", replayBegin.toOutSeq());
    } else {
      replayEnd.wrapAndApplyHeader(buffer, offset, header);
      out.begin("replayEnd")
          .int64("requestId", replayEnd.requestId())
          .int64("lastOutSeq", replayEnd.lastOutSeq());
    }
  }

  private void heartbeat(DirectBuffer buffer, int offset) {
    heartbeat.wrapAndApplyHeader(buffer, offset, header);
    out.begin("heartbeat")
        .int32("epoch", heartbeat.epoch())
        .int64("headOutSeq", heartbeat.headOutSeq())
        .time("time", heartbeat.time());
  }

  private void conflated(DirectBuffer buffer, int offset) {
    conflated.wrapAndApplyHeader(buffer, offset, header);
    out.begin("conflated")
        .int64("fromSeq", conflated.fromSeq())
        .int64("toSeq", conflated.toSeq())
        .text("instrument", names.instrument(conflated.instrumentId()));
    if (conflated.timeframe() != 0) {
      out.text("timeframe", labels.timeframe(conflated.timeframe()));
    }
    if (conflated.strategyId() != 0) {
      out.text("strategy", names.strategy(conflated.strategyId()));
    }
    out.flags("channels", conflated.channels().getRaw(), FlagNames.CHANNELS);
  }

  private void timeSync(DirectBuffer buffer, int offset) {
    timeSync.wrapAndApplyHeader(buffer, offset, header);
    out.begin("timeSync")
        .time("clientSend", timeSync.clientSend())
        .time("serverReceive", timeSync.serverReceive())
        .time("serverSend", timeSync.serverSend());
  }

  private void error(DirectBuffer buffer, int offset) {
    error.wrapAndApplyHeader(buffer, offset, header);
    out.begin("error")
        .text("code", error.code().name())
        .bool("fatal", error.fatal() == BooleanType.T)
        .bool("retryable", error.retryable() == BooleanType.T)
        .int64("requestId", error.requestId())
        .int64("lastOutSeq", error.lastOutSeq())
        .text("text", error.text());
  }

  private void shutdown(DirectBuffer buffer, int offset) {
    shutdown.wrapAndApplyHeader(buffer, offset, header);
    out.begin("shutdown").time("deadline", shutdown.deadline()).text("reason", shutdown.reason());
  }

  private void quote(DirectBuffer buffer, int offset) {
    quote.wrapAndApplyHeader(buffer, offset, header);
    int decimals = names.priceDecimals(quote.instrumentId());
    out.begin("quote")
        .int64("journalSeq", quote.journalSeq())
        .time("time", quote.time())
        .time("eventTime", quote.eventTime())
        .text("instrument", names.instrument(quote.instrumentId()))
        .price("bid", quote.bid(), decimals)
        .price("ask", quote.ask(), decimals)
        .flags("flags", quote.flags().getRaw(), FlagNames.QUOTE);
  }

  private void slowWarning(DirectBuffer buffer, int offset) {
    slowWarning.wrapAndApplyHeader(buffer, offset, header);
    out.begin("slowWarning")
        .int64("lastOutSeq", slowWarning.lastOutSeq())
        .int64("headOutSeq", slowWarning.headOutSeq())
        .int64("waitingBytes", slowWarning.waitingBytes())
        .int64("limitBytes", slowWarning.limitBytes());
  }

  private void commandResult(DirectBuffer buffer, int offset) {
    commandResult.wrapAndApplyHeader(buffer, offset, header);
    out.begin("commandResult")
        .int64("requestId", commandResult.requestId())
        .int64("journalSeq", commandResult.journalSeq());
  }
}
