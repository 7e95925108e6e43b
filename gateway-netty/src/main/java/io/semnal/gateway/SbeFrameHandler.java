package io.semnal.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.semnal.protocol.Framing;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.session.Frames;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts a TCP client's bytes into frames and gives their messages to its session. */
final class SbeFrameHandler extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(SbeFrameHandler.class);

  private final SessionHub hub;
  private final int maxFrame;
  private final UnsafeBuffer frame = new UnsafeBuffer(new byte[256]);
  private final UnsafeBuffer framing = new UnsafeBuffer(new byte[Framing.HEADER]);
  private ChannelOutput output;
  private ClientSession session;

  SbeFrameHandler(SessionHub hub) {
    this.hub = hub;
    maxFrame = hub.context().config().maxFrame();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    output = new ChannelOutput(ctx.channel(), Encoding.SBE_TCP, hub.lingerNanos());
    session = hub.open(output);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (session == null || session.isClosed()) {
      in.skipBytes(in.readableBytes());
      return;
    }
    int available = in.readableBytes();
    int seen = Math.min(available, Framing.HEADER);
    in.getBytes(in.readerIndex(), framing.byteArray(), 0, seen);
    int length = frameLength(available, seen);
    if (length < 0) {
      boolean large = length == Frames.TOO_LARGE;
      session.onUnreadable(
          large ? ErrorCode.FRAME_TOO_LARGE : ErrorCode.MALFORMED,
          large
              ? "a frame is longer than " + maxFrame + " bytes"
              : "the framing header is not one of SBE 1.0 little endian");
      in.skipBytes(in.readableBytes());
    } else if (length > 0) {
      if (frame.capacity() < length) {
        frame.wrap(new byte[length]);
      }
      in.readBytes(frame.byteArray(), 0, length);
      session.onMessage(frame, Framing.HEADER, length - Framing.HEADER);
    }
  }

  /** Looks at the framing header alone: the rest of the frame is not copied before it is whole. */
  private int frameLength(int available, int seen) {
    int length = Frames.next(framing, 0, seen, maxFrame);
    if (length != Frames.INCOMPLETE || seen < Framing.HEADER) {
      return length;
    }
    int whole = Framing.frameLength(framing, 0);
    return available < whole ? Frames.INCOMPLETE : whole;
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
    Disconnects.log(LOG, ctx.channel(), "session ends", cause);
    ctx.close();
  }
}
