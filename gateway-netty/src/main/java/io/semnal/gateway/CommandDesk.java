package io.semnal.gateway;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.EngineCommandEncoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.session.PeerKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the engine commands of admin sessions to the journal, in their key's name, and answers
 * each when it stands there. Loop thread.
 */
final class CommandDesk {
  private static final Logger LOG = LoggerFactory.getLogger(CommandDesk.class);
  private static final int MOST_REASON = 256;
  private static final int MOST_WAITING = 1_024;

  private record Waiting(CommandWaiter waiter, String keyId, long requestId) {}

  private final SessionHub hub;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
  private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
  private final EngineCommandEncoder encoder = new EngineCommandEncoder();
  private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
  private final EngineCommandDecoder decoder = new EngineCommandDecoder();

  CommandDesk(SessionHub hub) {
    this.hub = hub;
  }

  /**
   * @param command as the client sent it; who it says that it is does not count
   */
  void pass(CommandWaiter waiter, PeerKey key, EngineCommandDecoder command)
      throws RefusedException {
    if (!key.admin()) {
      throw new RefusedException(
          ErrorCode.NOT_ENTITLED, "key '" + key.id() + "' may not command the engine");
    }
    if (command.instrumentId() != 0 && hub.directory().instrument(command.instrumentId()) == null) {
      throw new RefusedException(
          ErrorCode.UNKNOWN_INSTRUMENT, "no instrument of id " + command.instrumentId());
    }
    if (command.strategyId() != 0 && hub.directory().strategy(command.strategyId()) == null) {
      throw new RefusedException(
          ErrorCode.UNKNOWN_STRATEGY, "no strategy of id " + command.strategyId());
    }
    long requestId = command.requestId();
    int length = encode(key, command);
    boolean full = waiting.size() >= MOST_WAITING;
    if (full || !hub.context().inbound().offer(buffer, 0, length)) {
      throw new RefusedException(ErrorCode.BUSY, true, "the engine's inbox is full, try again");
    }
    waiting.add(new Waiting(waiter, key.id(), requestId));
  }

  private int encode(PeerKey key, EngineCommandDecoder command) {
    encoder
        .wrapAndApplyHeader(buffer, 0, headerEncoder)
        .journalSeq(0)
        .time(0)
        .requestId(command.requestId())
        .until(command.until())
        .instrumentId(command.instrumentId())
        .strategyId(command.strategyId())
        .command(command.command());
    command.skipPrincipal();
    byte[] reason = command.reason().getBytes(StandardCharsets.UTF_8);
    byte[] shortened = reason.length > MOST_REASON ? Arrays.copyOf(reason, MOST_REASON) : reason;
    byte[] principal = key.id().getBytes(StandardCharsets.UTF_8);
    encoder.putPrincipal(principal, 0, principal.length).putReason(shortened, 0, shortened.length);
    return MessageLayout.HEADER + encoder.encodedLength();
  }

  /** An EngineCommand stands in the journal: answers whoever waits for it. */
  void onJournaled(DirectBuffer message, int offset) {
    if (waiting.isEmpty()) {
      return;
    }
    decoder.wrapAndApplyHeader(message, offset, headerDecoder);
    long requestId = decoder.requestId();
    long journalSeq = decoder.journalSeq();
    String principal = decoder.principal();
    for (Iterator<Waiting> i = waiting.iterator(); i.hasNext(); ) {
      Waiting one = i.next();
      if (one.requestId == requestId && one.keyId.equals(principal)) {
        i.remove();
        LOG.info("command {} of key '{}' is journalSeq {}", requestId, principal, journalSeq);
        one.waiter.onCommandJournaled(requestId, journalSeq);
        return;
      }
    }
  }

  void forget(CommandWaiter waiter) {
    waiting.removeIf(w -> w.waiter == waiter);
  }
}
