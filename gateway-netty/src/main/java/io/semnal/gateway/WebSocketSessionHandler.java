package io.semnal.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.semnal.gateway.json.BadRequestException;
import io.semnal.gateway.json.JsonRequests;
import io.semnal.protocol.sbe.ErrorCode;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a WebSocket client's frames to its session, by the subprotocol agreed upon. */
final class WebSocketSessionHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketSessionHandler.class);
  private static final long UPGRADE_SECONDS = 5;

  private final SessionHub hub;
  private final JsonRequests requests;
  private final ExpandableArrayBuffer encoded = new ExpandableArrayBuffer(512);
  private ChannelOutput output;
  private ClientSession session;

  WebSocketSessionHandler(SessionHub hub) {
    this.hub = hub;
    requests = new JsonRequests(hub.directory());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.executor()
        .schedule(
            () -> {
              if (session == null && !ctx.isRemoved()) {
                ctx.close();
              }
            },
            UPGRADE_SECONDS,
            TimeUnit.SECONDS);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete done) {
      boolean sbe = UpgradeGuard.SBE_PROTOCOL.equals(done.selectedSubprotocol());
      Encoding encoding = sbe ? Encoding.SBE_WEBSOCKET : Encoding.JSON_WEBSOCKET;
      output = new ChannelOutput(ctx.channel(), encoding, hub.lingerNanos());
      session = hub.open(output);
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (session == null || session.isClosed()) {
      return;
    }
    byte[] bytes = new byte[frame.content().readableBytes()];
    ByteBuf content = frame.content();
    content.getBytes(content.readerIndex(), bytes);
    boolean sbe = output.encoding() == Encoding.SBE_WEBSOCKET;
    if (sbe && frame instanceof BinaryWebSocketFrame) {
      session.onMessage(new UnsafeBuffer(bytes), 0, bytes.length);
    } else if (!sbe && frame instanceof TextWebSocketFrame) {
      onJson(bytes);
    } else if (frame instanceof BinaryWebSocketFrame || frame instanceof TextWebSocketFrame) {
      session.onUnreadable(
          ErrorCode.MALFORMED,
          sbe
              ? "subprotocol " + UpgradeGuard.SBE_PROTOCOL + " uses binary frames"
              : "subprotocol " + UpgradeGuard.JSON_PROTOCOL + " uses text frames");
    }
  }

  private void onJson(byte[] bytes) {
    try {
      int length = requests.encode(bytes, 0, bytes.length, encoded);
      if (length == JsonRequests.PING) {
        session.onPing();
      } else {
        session.onMessage(encoded, 0, length);
      }
    } catch (BadRequestException e) {
      if (e.isFatal()) {
        session.onUnreadable(e.code(), e.getMessage());
      } else {
        session.onRefused(e.code(), e.requestId(), e.getMessage());
      }
    }
  }

  /** Pings and pongs do not come this far; they are signs of life all the same. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (session != null) {
      session.heard();
    }
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    if (session != null && ctx.channel().isWritable()) {
      session.onWritable();
    }
    super.channelWritabilityChanged(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    if (session != null) {
      session.onClosed();
      output.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof TooLongFrameException && session != null) {
      // Of fragments none of which is too long: the decoder has let them pass.
      session.onUnreadable(
          ErrorCode.FRAME_TOO_LARGE,
          "a message is longer than " + hub.context().config().maxFrame() + " bytes");
      return;
    }
    if (cause instanceof CodecException && !(cause.getCause() instanceof SSLException)) {
      // Not a WebSocket frame, or too long: the decoder has sent the close code.
      LOG.debug("{}: {}", ctx.channel().remoteAddress(), cause.getMessage());
    } else {
      Disconnects.log(LOG, ctx.channel(), "session ends", cause);
    }
    ctx.close();
  }
}
