package io.semnal.feed.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.semnal.core.access.AuditLog;
import io.semnal.core.access.LoginGuard;
import io.semnal.core.market.Instrument;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.MessageCheck;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.ServerHandshake;
import io.semnal.protocol.session.SessionTerms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One connection of a feed: from its first byte through login to its last quote. See {@link
 * FeedListener} for the conversation.
 *
 * <p>Quotes are judged and offered in the buffer that they were read into ({@link FeedInput}). When
 * the port has no room, reading stops, and {@link #doWork} goes on exactly where it stopped.
 */
final class FeedSession extends ChannelInboundHandlerAdapter {
  private static final long TIMER_EVERY = 5_000_000L;
  private static final long LINGER = 1_000_000_000L;
  private static final int HANDOVER_HEARTBEATS = 2;
  private static final int DEAD_HEARTBEATS = 3;

  private final FeedListener listener;
  private final FeedLimits limits;
  private final FeedCounters counters;
  private final SourceRegistry sources;
  private final ServerHandshake handshake;
  private LoginGuard guard;
  private final long connectedAt = System.nanoTime();
  private ChannelHandlerContext context;
  private FeedReply reply;
  private FeedInput input;
  private String peer = "?";
  private QuoteIntake intake;
  private int sourceId;
  private boolean closed;
  private long readAt;
  private long heardAt = connectedAt;
  private long timerAt = connectedAt;
  private long endedAt;

  FeedSession(FeedListener listener) {
    this.listener = listener;
    limits = listener.context().limits();
    counters = listener.counters();
    sources = listener.context().sources();
    handshake = new ServerHandshake(Role.FEED, listener.context().keys(), listener.nonces());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    reply = new FeedReply(ctx);
    input = new FeedInput(this, ctx, limits.maxFrame(), counters.pushbacks);
    peer = String.valueOf(ctx.channel().remoteAddress());
    FeedAccess access = listener.context().access();
    guard = new LoginGuard(access.admission(), access.audit(), handshake, address(ctx));
    String why = listener.add(this) ? guard.connect() : "too many feed connections";
    if (why != null) {
      refuse(ErrorCode.LIMIT_EXCEEDED, true, why);
    }
  }

  /** The peer's, or loopback where a channel has none. */
  private static InetAddress address(ChannelHandlerContext ctx) {
    return ctx.channel().remoteAddress() instanceof InetSocketAddress inet
        ? inet.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end("the connection closed");
    guard.disconnect();
    listener.remove(this);
    if (input != null) {
      input.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
      // Its kind alone: TLS quotes the bytes that came, which may be anything.
      Throwable tls = cause instanceof SSLException ? cause : cause.getCause();
      counters.log(peer, "no TLS: " + tls.getClass().getSimpleName());
      end("the connection broke");
      ctx.close();
    } else if (cause instanceof IOException) {
      counters.log(peer, "connection lost: " + cause.getMessage());
      end("the connection broke");
      ctx.close();
    } else {
      counters.log(peer, "session failed: " + cause);
      fatal(ErrorCode.INTERNAL, true, "the server failed on this session");
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (closed) {
        return;
      }
      readAt = System.nanoTime();
      heardAt = readAt;
      input.take(in);
    } finally {
      in.release();
    }
    context.flush();
  }

  /** The bytes cannot be cut into frames from here on. */
  void onBrokenFrame(int code) {
    counters.malformed.increment();
    broken(ErrorCode.get(code), "not a frame, or longer than " + limits.maxFrame());
  }

  /** Returns false if there was no room: the message comes again. */
  boolean onMessage(UnsafeBuffer view, int offset, int length) {
    if (intake == null) {
      onLogin(view, offset, length);
      return true;
    }
    int wrong = intake.isHolding() ? MessageCheck.OK : MessageCheck.check(view, offset, length);
    if (wrong == MessageCheck.OK) {
      int template = MessageLayout.templateId(view, offset);
      if (template == QuoteDecoder.TEMPLATE_ID) {
        return onQuote(view, offset);
      }
      if (template != HeartbeatDecoder.TEMPLATE_ID) {
        fatal(ErrorCode.UNEXPECTED_MESSAGE, false, "a feed does not send template " + template);
      }
    } else if (wrong == ErrorCode.UNEXPECTED_MESSAGE.value()) {
      // From a newer peer: skipped, as all readers do.
      counters.malformed.increment();
    } else {
      counters.malformed.increment();
      fatal(ErrorCode.get(wrong), false, "a message that cannot be read");
    }
    return true;
  }

  private boolean onQuote(UnsafeBuffer view, int offset) {
    int outcome = intake.take(view, offset, readAt);
    if (outcome == QuoteIntake.GAP) {
      fatal(
          ErrorCode.SEQUENCE_GAP,
          true,
          "sourceSeq "
              + QuoteGate.sourceSeq(view, offset)
              + " follows "
              + intake.passedSeq()
              + "; resume from the last acknowledged");
    }
    return outcome != QuoteIntake.NO_ROOM;
  }

  private void onLogin(UnsafeBuffer view, int offset, int length) {
    int template = length >= MessageLayout.HEADER ? MessageLayout.templateId(view, offset) : 0;
    int answer = reply.login(handshake, guard, view, offset, length);
    switch (handshake.state()) {
      case OPEN -> {
        guard.onProven();
        open(handshake.key());
      }
      case REJECTED -> {
        guard.onRejected(template, readAt);
        if (handshake.rejectCode() == ErrorCode.MALFORMED) {
          counters.malformed.increment();
        }
        reply.refused(answer);
        refused();
      }
      case AWAIT_HELLO, AWAIT_PROOF -> {}
    }
  }

  private void open(PeerKey key) {
    String source = key.source();
    int known = sources.find(source);
    FeedSession holder = known == 0 ? null : listener.holder(known);
    if (holder != null && !holder.isSilent(readAt)) {
      refuse(ErrorCode.BUSY, true, "source '" + source + "' has a session already");
      return;
    }
    if (holder != null) {
      holder.fatal(ErrorCode.TIMEOUT, true, "another connection took the source over");
    }
    if (known == 0 && sources.count() == SourceRegistry.MOST) {
      refuse(ErrorCode.LIMIT_EXCEEDED, false, "no more sources can be defined");
      return;
    }
    sourceId = sources.define(source);
    peer = source + peer;
    intake = new QuoteIntake(listener, reply, sourceId, peer);
    counters.sessions.add(1);
    accept(key);
    guard.onEntered(peer);
    if (known == 0) {
      listener.statuses().define(sourceId, source);
    }
    listener.statuses().state(sourceId, FeedState.UP, "connected");
  }

  private void accept(PeerKey key) {
    SessionTerms terms =
        new SessionTerms(
            listener.nextSessionId(),
            0,
            0,
            0,
            sourceId,
            intake.passedSeq(),
            (int) limits.heartbeat().toMillis(),
            limits.maxFrame(),
            false,
            0,
            listener.context().serverName());
    reply.accepted(terms);
    listener.instruments().forEach((id, instrument) -> allow(key, id, instrument));
    reply.heartbeat();
    reply.flush();
  }

  /** The keys are others than they were: a session does not outlive its key. */
  void onKeys() {
    PeerKey key = handshake.key();
    if (closed || intake == null) {
      return;
    }
    PeerKey now = listener.context().keys().find(key.id());
    if (!key.equals(now)) {
      boolean gone = now == null;
      String text = "key '" + key.id() + (gone ? "' was revoked" : "' changed: log in again");
      listener
          .context()
          .access()
          .audit()
          .record(AuditLog.REVOKED, key.id(), peer, ErrorCode.REVOKED.toString(), text);
      fatal(ErrorCode.REVOKED, !gone, text);
      reply.flush();
    }
  }

  /** An instrument that was defined while this session stands. */
  void define(int id, Instrument instrument) {
    if (!closed && intake != null) {
      allow(handshake.key(), id, instrument);
      reply.flush();
    }
  }

  private void allow(PeerKey key, int id, Instrument instrument) {
    if (key.mayRead(instrument.symbol())) {
      intake.allow(id);
      reply.definition(id, instrument);
    }
  }

  int doWork(long now) {
    if (closed) {
      if (now - endedAt > LINGER) {
        context.close();
      }
      return 0;
    }
    boolean wasBlocked = input.isBlocked();
    int work = input.goOn();
    if (wasBlocked && !input.isBlocked()) {
      heardAt = now;
    }
    if (intake != null && !closed) {
      work += intake.acknowledge(now);
    }
    if (now - timerAt >= TIMER_EVERY && !closed) {
      timerAt = now;
      keepTime(now);
    }
    return work;
  }

  private void keepTime(long now) {
    long heartbeat = limits.heartbeat().toNanos();
    if (intake == null) {
      if (now - connectedAt > limits.login().toNanos()) {
        refuse(ErrorCode.TIMEOUT, true, "no login within " + limits.login().toMillis() + " ms");
      }
    } else if (!input.isBlocked() && now - heardAt > DEAD_HEARTBEATS * heartbeat) {
      fatal(ErrorCode.TIMEOUT, true, "nothing heard for three heartbeats");
    } else if (now - reply.sentAt() >= heartbeat && reply.hasRoom()) {
      reply.heartbeat();
      reply.flush();
    }
  }

  boolean isClosed() {
    return closed;
  }

  boolean holds(int source) {
    return !closed && intake != null && sourceId == source;
  }

  private boolean isSilent(long now) {
    return !input.isBlocked() && now - heardAt > HANDOVER_HEARTBEATS * limits.heartbeat().toNanos();
  }

  private void refuse(ErrorCode code, boolean retryable, String text) {
    reply.refuse(handshake, code, retryable, text);
    refused();
  }

  private void refused() {
    counters.refused.increment();
    guard.onRefused(peer);
    counters.log(
        peer,
        "login of key '"
            + LoginGuard.printable(handshake.keyId())
            + "' refused: "
            + LoginGuard.printable(handshake.rejectText()));
    end("refused");
  }

  private void broken(ErrorCode code, String text) {
    if (intake == null) {
      refuse(code, false, text);
    } else {
      fatal(code, false, text);
    }
  }

  private void fatal(ErrorCode code, boolean retryable, String text) {
    if (closed) {
      return;
    }
    counters.log(peer, "session closed: " + code + ": " + text);
    reply.fatal(code, retryable, text);
    end(code + ": " + text);
  }

  void shutdown(String why) {
    if (!closed && context != null) {
      reply.shutdown(why);
      end(why);
    }
  }

  /** Lets go of the source; once. */
  private void end(String why) {
    if (closed) {
      return;
    }
    closed = true;
    endedAt = System.nanoTime();
    if (intake != null) {
      counters.sessions.add(-1);
      listener.statuses().state(sourceId, FeedState.DOWN, why);
    }
  }
}
