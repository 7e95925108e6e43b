package io.semnal.feed.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.semnal.core.metrics.Counter;
import io.semnal.protocol.Framing;
import io.semnal.protocol.session.Frames;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Cuts a feed connection's bytes into messages, in the buffer that they were read into where they
 * are whole, and keeps what there is no room for: reading stops until {@link #goOn} finds room.
 *
 * <p>Loop thread.
 */
final class FeedInput {
  private final FeedSession session;
  private final ChannelHandlerContext context;
  private final int maxFrame;
  private final Counter pushbacks;
  private final UnsafeBuffer view = new UnsafeBuffer();
  private final ByteBuf kept;
  private boolean blocked;
  private boolean released;

  FeedInput(FeedSession session, ChannelHandlerContext context, int maxFrame, Counter pushbacks) {
    this.session = session;
    this.context = context;
    this.maxFrame = maxFrame;
    this.pushbacks = pushbacks;
    kept = context.alloc().directBuffer(2 * maxFrame);
  }

  /** Bytes as they arrived; the caller releases them. */
  void take(ByteBuf in) {
    if (blocked || kept.isReadable()) {
      kept.writeBytes(in);
      consumeKept();
    } else {
      consume(in);
      if (!session.isClosed() && in.isReadable()) {
        kept.writeBytes(in);
      }
    }
  }

  /**
   * Where there was no room: goes on with the message that had none.
   *
   * @return messages handled
   */
  int goOn() {
    if (!blocked) {
      return 0;
    }
    blocked = false;
    int handled = consumeKept();
    if (!blocked && !session.isClosed()) {
      context.channel().config().setAutoRead(true);
    }
    return handled;
  }

  /** Whether reading has stopped for want of room. */
  boolean isBlocked() {
    return blocked;
  }

  /** With the connection. */
  void release() {
    if (!released) {
      released = true;
      kept.release();
    }
  }

  private int consumeKept() {
    if (blocked) {
      return 0;
    }
    int handled = consume(kept);
    if (!session.isClosed()) {
      kept.discardReadBytes();
    }
    return handled;
  }

  /** Handles whole frames until there are no more, or there is no room for a quote. */
  private int consume(ByteBuf from) {
    int size = from.readableBytes();
    ByteBuffer bytes = from.internalNioBuffer(from.readerIndex(), size);
    view.wrap(bytes, bytes.position(), size);
    int at = 0;
    int handled = 0;
    while (!session.isClosed()) {
      int length = Frames.next(view, at, size - at, maxFrame);
      if (length == Frames.INCOMPLETE) {
        break;
      }
      if (length < 0) {
        session.onBrokenFrame(-length);
        break;
      }
      if (!session.onMessage(view, at + Framing.HEADER, length - Framing.HEADER)) {
        block();
        break;
      }
      at += length;
      handled++;
    }
    if (!session.isClosed()) {
      // With the session the bytes that it kept may be gone, too.
      from.skipBytes(at);
    }
    return handled;
  }

  private void block() {
    if (!blocked) {
      blocked = true;
      pushbacks.incrementOwned();
      context.channel().config().setAutoRead(false);
    }
  }
}
