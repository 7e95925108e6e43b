package io.semnal.feed.fix;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Passes connections on to a venue, and spoils what it answers: between whole messages, so that the
 * session's own recovery is what is tried. On the loop's thread.
 */
final class FaultyWire {
  private static final byte SOH = 1;
  private static final int TRAILER = 7;
  private static final byte[] GARBAGE =
      "8=FIX.4.4\0019=12\00135=W\001broken\00110=000\001??".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] PRICES = "WXSi".getBytes(StandardCharsets.ISO_8859_1);

  private final EventLoop loop;
  private final InetSocketAddress venue;
  private final WireFaults faults;
  private long prices;
  private long spoiled;

  FaultyWire(EventLoop loop, InetSocketAddress venue, WireFaults faults) {
    this.loop = loop;
    this.venue = venue;
    this.faults = faults;
  }

  /** Faults so far. */
  long spoiled() {
    return spoiled;
  }

  CompletableFuture<InetSocketAddress> listen(InetSocketAddress address) {
    CompletableFuture<InetSocketAddress> result = new CompletableFuture<>();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    connect(client);
                  }
                })
            .bind(address);
    bound.addListener(
        done -> {
          if (done.isSuccess()) {
            result.complete((InetSocketAddress) bound.channel().localAddress());
          } else {
            result.completeExceptionally(done.cause());
          }
        });
    return result;
  }

  private void connect(Channel client) {
    ChannelFuture up =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(new Answers(client))
            .connect(venue);
    client.pipeline().addLast(new Requests(up.channel()));
    up.addListener(
        done -> {
          if (done.isSuccess()) {
            client.config().setAutoRead(true);
          } else {
            client.close();
          }
        });
  }

  /** From the client to the venue: as it is. */
  private static final class Requests extends ChannelInboundHandlerAdapter {
    private final Channel venue;

    private Requests(Channel venue) {
      this.venue = venue;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      venue.writeAndFlush(bytes);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      venue.config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      venue.close();
    }
  }

  /** From the venue to the client: message by message, with faults. */
  private final class Answers extends ByteToMessageDecoder {
    private final Channel client;

    private Answers(Channel client) {
      this.client = client;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int end = end(in);
      if (end > 0) {
        pass(context, in.readRetainedSlice(end - in.readerIndex()));
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
      client.flush();
      super.channelReadComplete(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      client.close();
      super.channelInactive(context);
    }

    private void pass(ChannelHandlerContext context, ByteBuf message) {
      if (!isPrice(message)) {
        client.write(message);
        return;
      }
      prices++;
      if (due(faults.garbage())) {
        client.write(Unpooled.wrappedBuffer(GARBAGE));
      }
      if (due(faults.gap())) {
        message.release();
      } else {
        if (due(faults.duplicate())) {
          client.write(message.copy());
        }
        client.write(message);
      }
      if (due(faults.stall())) {
        context.channel().config().setAutoRead(false);
        loop.schedule(
            () -> context.channel().config().setAutoRead(true),
            faults.stallMillis(),
            TimeUnit.MILLISECONDS);
      }
      if (due(faults.disconnect())) {
        client.flush();
        client.close();
      }
    }

    private boolean due(int every) {
      boolean now = every > 0 && prices % every == 0 && prices <= faults.until();
      spoiled += now ? 1 : 0;
      return now;
    }
  }

  /** Behind the first message's checksum; −1: it is not there yet. */
  private static int end(ByteBuf in) {
    int from = in.readerIndex();
    int limit = in.writerIndex() - TRAILER;
    for (int i = from; i < limit; i++) {
      if (in.getByte(i) == SOH
          && in.getByte(i + 1) == '1'
          && in.getByte(i + 2) == '0'
          && in.getByte(i + 3) == '='
          && in.getByte(i + TRAILER) == SOH) {
        return i + TRAILER + 1;
      }
    }
    return -1;
  }

  private static boolean isPrice(ByteBuf message) {
    int from = message.readerIndex();
    int limit = message.writerIndex() - 5;
    for (int i = from; i < limit; i++) {
      if (message.getByte(i) == SOH
          && message.getByte(i + 1) == '3'
          && message.getByte(i + 2) == '5'
          && message.getByte(i + 3) == '=') {
        byte type = message.getByte(i + 4);
        for (byte price : PRICES) {
          if (type == price && message.getByte(i + 5) == SOH) {
            return true;
          }
        }
        return false;
      }
    }
    return false;
  }
}
