package io.semnal.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A session's way out through Netty: a batch's frames are copied into one pooled buffer, written
 * and flushed once; the only frame of a batch, where it is everybody's, is not even copied. Nothing
 * is allocated and nothing held between batches. Loop thread.
 */
final class ChannelOutput implements SessionOutput {
  private static final int LEAST = 512;
  private static final int MOST = 64 * 1024;
  private static final InetAddress UNKNOWN = new InetSocketAddress(0).getAddress();

  private final Channel channel;
  private final Encoding encoding;
  private final boolean encrypted;
  private final ChannelPromise unheard;
  private final long lingerNanos;

  /** The batch's bytes, where there is more than {@link #only}. */
  private ByteBuf staged;

  /** The batch's only frame so far, which other sessions hold too. */
  private ByteBuf only;

  private int hint = LEAST;

  /**
   * @param lingerNanos how long a client may take over what was said before the close
   */
  ChannelOutput(Channel channel, Encoding encoding, long lingerNanos) {
    this.channel = channel;
    this.encoding = encoding;
    encrypted = channel.pipeline().get(SslHandler.class) != null;
    unheard = channel.voidPromise();
    this.lingerNanos = lingerNanos;
  }

  @Override
  public Encoding encoding() {
    return encoding;
  }

  @Override
  public void write(byte[] frame, int length) {
    write(frame, 0, length);
  }

  /** The same from anywhere in an array. */
  void write(byte[] bytes, int from, int length) {
    stage(length);
    staged.writeBytes(bytes, from, length);
  }

  @Override
  public boolean share(ByteBuf frame, boolean last) {
    if (staged != null || only != null) {
      stage(frame.readableBytes());
      staged.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
      return false;
    }
    if (last) {
      writeAndFlush(frame.retainedDuplicate());
      return true;
    }
    only = frame.retain();
    return false;
  }

  /** A place for the bytes to come, behind what is there. */
  private void stage(int length) {
    if (staged == null) {
      ByteBuf first = only;
      only = null;
      int before = first == null ? 0 : first.readableBytes();
      staged = channel.alloc().directBuffer(Math.max(hint, before + length));
      if (first != null) {
        staged.writeBytes(first, first.readerIndex(), before);
        first.release();
      }
    }
  }

  @Override
  public boolean isWritable() {
    if (staged != null && staged.readableBytes() >= MOST) {
      flush();
    }
    return channel.isWritable();
  }

  @Override
  public long pendingBytes() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return (buffer == null ? 0 : buffer.totalPendingWriteBytes())
        + (staged == null ? 0 : staged.readableBytes())
        + (only == null ? 0 : only.readableBytes());
  }

  @Override
  public void flush() {
    if (only != null) {
      // Made here and let go of by the transport at once: not a thousand of them wait, cold.
      ByteBuf out = only.retainedDuplicate();
      only.release();
      only = null;
      writeAndFlush(out);
    } else if (staged != null) {
      ByteBuf out = staged;
      staged = null;
      // The next batch is likely about as long as this one.
      hint = Math.max(LEAST, Math.min(MOST, Integer.highestOneBit(out.readableBytes()) << 1));
      writeAndFlush(out);
    }
  }

  /**
   * Frames are whole: no handler has anything to add but the one that encrypts, if there is one, so
   * the others are passed by.
   */
  private void writeAndFlush(ByteBuf out) {
    if (encrypted) {
      channel.writeAndFlush(out, unheard);
    } else {
      Channel.Unsafe transport = channel.unsafe();
      transport.write(out, unheard);
      transport.flush();
    }
  }

  @Override
  public void ping() {
    if (encoding.isWebSocket()) {
      channel.writeAndFlush(new PingWebSocketFrame(), channel.voidPromise());
    }
  }

  /**
   * Half-closes after the last byte, so that a client which is slow to read, or still sending, gets
   * that byte before the connection is gone; closes at its end of stream, or when it takes too
   * long.
   */
  @Override
  public void close(CloseReason reason) {
    flush();
    ChannelFuture last =
        encoding.isWebSocket()
            ? channel.writeAndFlush(new CloseWebSocketFrame(reason.webSocketCode(), ""))
            : channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    last.addListener(
        done -> {
          if (done.isSuccess() && channel instanceof DuplexChannel duplex) {
            halfClose(duplex);
          } else {
            channel.close();
          }
        });
    Future<?> linger =
        channel.eventLoop().schedule(() -> channel.close(), lingerNanos, TimeUnit.NANOSECONDS);
    channel.closeFuture().addListener(done -> linger.cancel(false));
  }

  private void halfClose(DuplexChannel duplex) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      duplex.shutdownOutput();
    } else {
      tls.closeOutbound().addListener(told -> duplex.shutdownOutput());
    }
  }

  /** The connection is gone: lets go of what was not written. */
  void release() {
    if (only != null) {
      only.release();
      only = null;
    }
    if (staged != null) {
      staged.release();
      staged = null;
    }
  }

  @Override
  public String peer() {
    return String.valueOf(channel.remoteAddress());
  }

  @Override
  public InetAddress address() {
    return channel.remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress()
        : UNKNOWN;
  }
}
