package io.semnal.feed.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.semnal.core.access.LoginGuard;
import io.semnal.core.market.Instrument;
import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HelloDecoder;
import io.semnal.protocol.session.ServerHandshake;
import io.semnal.protocol.session.SessionTerms;
import io.semnal.protocol.session.SessionWriter;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The writing half of a feed's connection. The loop's thread. */
final class FeedReply {
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(Framing.HEADER + SessionWriter.MOST);
  private final UnsafeBuffer out = new UnsafeBuffer(bytes);
  private final SessionWriter writer = new SessionWriter();
  private final ChannelHandlerContext context;
  private long sentAt = System.nanoTime();

  FeedReply(ChannelHandlerContext context) {
    this.context = context;
  }

  /** When anything was last sent. */
  long sentAt() {
    return sentAt;
  }

  /** Whether the feed reads what it is sent. */
  boolean hasRoom() {
    return context.channel().isWritable();
  }

  void flush() {
    context.flush();
  }

  /** Gives a login message to the handshake and sends its answer, unless it is refused. */
  int login(
      ServerHandshake handshake, LoginGuard guard, UnsafeBuffer from, int offset, int length) {
    int reply = handshake.onMessage(from, offset, length, out, Framing.HEADER);
    if (handshake.state() == ServerHandshake.State.AWAIT_PROOF
        && MessageLayout.templateId(from, offset) == HelloDecoder.TEMPLATE_ID) {
      String why = guard.onHello(System.nanoTime());
      if (why != null) {
        return handshake.reject(ErrorCode.LIMIT_EXCEEDED, true, why, out, Framing.HEADER);
      }
    }
    if (reply > 0 && handshake.state() != ServerHandshake.State.REJECTED) {
      send(reply);
      flush();
    }
    return reply;
  }

  /** Sends the refusal that {@link #login} left behind, and ends the sending. */
  void refused(int reply) {
    sendLast(reply);
  }

  void refuse(ServerHandshake handshake, ErrorCode code, boolean retryable, String text) {
    sendLast(handshake.reject(code, retryable, text, out, Framing.HEADER));
  }

  void accepted(SessionTerms terms) {
    send(writer.accepted(out, Framing.HEADER, terms));
  }

  void definition(int id, Instrument instrument) {
    send(InstrumentMessage.encode(id, instrument, out, Framing.HEADER));
  }

  void heartbeat() {
    send(writer.heartbeat(out, Framing.HEADER, 0, 0, MessageLayout.ABSENT));
  }

  void ack(long sourceSeq) {
    send(writer.feedAck(out, Framing.HEADER, sourceSeq, 0));
  }

  void error(ErrorCode code, String text) {
    send(writer.error(out, Framing.HEADER, 0, code, false, false, 0, text));
  }

  /** The session's last word. */
  void fatal(ErrorCode code, boolean retryable, String text) {
    sendLast(writer.error(out, Framing.HEADER, 0, code, true, retryable, 0, text));
  }

  void shutdown(String why) {
    sendLast(writer.shutdown(out, Framing.HEADER, MessageLayout.ABSENT, why));
  }

  private void send(int length) {
    context.write(frame(length), context.voidPromise());
    sentAt = System.nanoTime();
  }

  /**
   * Closes our direction only: closing at once, with bytes of the peer unread, would reset the
   * connection and might lose it our last word.
   */
  private void sendLast(int length) {
    ChannelFuture written = context.writeAndFlush(frame(length));
    written.addListener(done -> finish());
    context.channel().config().setAutoRead(true);
  }

  private void finish() {
    if (context.channel() instanceof DuplexChannel duplex) {
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls == null) {
        duplex.shutdownOutput();
      } else {
        tls.closeOutbound().addListener(told -> duplex.shutdownOutput());
      }
    } else {
      context.close();
    }
  }

  private ByteBuf frame(int length) {
    int whole = SessionWriter.frame(out, 0, length);
    bytes.clear().limit(whole);
    return context.alloc().directBuffer(whole).writeBytes(bytes);
  }
}
