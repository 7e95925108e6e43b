package io.semnal.fix.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.semnal.fix.session.FixTransport;
import org.agrona.DirectBuffer;

/**
 * A session's way out through Netty: messages are copied into one pooled buffer, written and
 * flushed once. Nothing is allocated in between and nothing held afterwards. Loop thread.
 */
final class NettyTransport implements FixTransport {
  private static final int LEAST = 512;
  private static final int MOST = 64 * 1024;

  private final Channel channel;
  private ByteBuf staged;

  NettyTransport(Channel channel) {
    this.channel = channel;
  }

  @Override
  public void send(DirectBuffer buffer, int offset, int length) {
    if (!channel.isActive()) {
      return;
    }
    if (staged != null && staged.readableBytes() + length > MOST) {
      flush();
    }
    if (staged == null) {
      staged = channel.alloc().directBuffer(Math.max(LEAST, length));
    }
    byte[] array = buffer.byteArray();
    if (array != null) {
      staged.writeBytes(array, buffer.wrapAdjustment() + offset, length);
    } else {
      for (int i = 0; i < length; i++) {
        staged.writeByte(buffer.getByte(offset + i));
      }
    }
  }

  @Override
  public void flush() {
    ByteBuf out = staged;
    if (out != null) {
      staged = null;
      // Of the handlers only the one that encrypts, if there is one, has anything to add.
      ChannelHandlerContext first = channel.pipeline().firstContext();
      if (first == null || first.handler() instanceof SslHandler) {
        channel.writeAndFlush(out, channel.voidPromise());
      } else {
        first.writeAndFlush(out, channel.voidPromise());
      }
    }
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void close() {
    flush();
    if (channel.isActive()) {
      // Behind what was written, so that the last message arrives.
      channel.writeAndFlush(channel.alloc().buffer(0, 0)).addListener(ChannelFutureListener.CLOSE);
    } else {
      channel.close();
    }
  }

  /** The connection is gone: lets go of what was not written. */
  void release() {
    if (staged != null) {
      staged.release();
      staged = null;
    }
  }

  @Override
  public String peer() {
    return String.valueOf(channel.remoteAddress());
  }
}
