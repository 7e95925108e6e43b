package io.semnal.gateway;

import io.semnal.gateway.json.BadRequestException;
import io.semnal.gateway.json.JsonRequests;
import io.semnal.gateway.rest.EngineDesk;
import io.semnal.gateway.rest.Problem;
import io.semnal.gateway.rest.Problem.Code;
import io.semnal.gateway.rest.SessionRow;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.EngineCommandEncoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.session.PeerKey;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.agrona.ExpandableArrayBuffer;

/** Passes operators' commands that came over HTTP, and lists the sessions. Edge loop's thread. */
final class OperatorDesk implements EngineDesk {
  private static final long PATIENCE_SECONDS = 5;

  /** Above the numbers that sessions give to their requests, of which each key may have its own. */
  private static final long FIRST_REQUEST = 1L << 62;

  private final SessionHub hub;
  private final GatewayLoop loop;
  private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final EngineCommandDecoder command = new EngineCommandDecoder();
  private final EngineCommandEncoder encoder = new EngineCommandEncoder();
  private long lastRequest = FIRST_REQUEST;

  OperatorDesk(SessionHub hub, GatewayLoop loop) {
    this.hub = hub;
    this.loop = loop;
  }

  @Override
  public Collection<SessionRow> sessions() {
    return hub.context().sessionRows();
  }

  @Override
  public CompletionStage<Long> command(PeerKey key, byte[] json) throws Problem {
    long requestId = ++lastRequest;
    try {
      new JsonRequests(hub.directory()).encodeCommand(json, buffer);
    } catch (BadRequestException e) {
      throw new Problem(
          switch (e.code()) {
            case UNKNOWN_INSTRUMENT -> Code.UNKNOWN_INSTRUMENT;
            case UNKNOWN_STRATEGY -> Code.UNKNOWN_STRATEGY;
            default -> Code.MALFORMED;
          },
          e.getMessage());
    }
    encoder.wrap(buffer, MessageLayout.HEADER).requestId(requestId);
    command.wrapAndApplyHeader(buffer, 0, header);
    CompletableFuture<Long> journaled = new CompletableFuture<>();
    CommandWaiter waiter = (request, journalSeq) -> journaled.complete(journalSeq);
    try {
      hub.commands().pass(waiter, key, command);
    } catch (RefusedException e) {
      throw new Problem(e.isRetryable() ? Code.BUSY : Code.MALFORMED, e.getMessage());
    }
    loop.loop()
        .schedule(
            () -> {
              hub.commands().forget(waiter);
              journaled.completeExceptionally(
                  new Problem(Code.BUSY, "the command is not in the journal yet"));
            },
            PATIENCE_SECONDS,
            TimeUnit.SECONDS);
    return journaled;
  }
}
