package io.semnal.bench.wire;

import io.semnal.bench.ChildProcess;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.LongConsumer;

/** A client of the {@link EchoServer}, which it starts. */
final class EchoLink implements WireLink {
  private static final int BUFFER = 1 << 16;

  private final ChildProcess server;
  private final SocketChannel feed;
  private final SocketChannel client;
  private final int request;
  private final int reply;
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);

  EchoLink(int request, int reply) throws IOException {
    this.request = request;
    this.reply = reply;
    server =
        ChildProcess.start(
            "64m",
            EchoServer.class.getName(),
            List.of(Integer.toString(request), Integer.toString(reply)));
    int port = Integer.parseInt(server.awaitLine(line -> line.matches("[0-9]+")));
    feed = connect(port);
    client = connect(port);
  }

  private static SocketChannel connect(int port) throws IOException {
    SocketChannel socket =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.configureBlocking(false);
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return socket;
  }

  @Override
  public boolean queue(long index) {
    if (out.remaining() < request) {
      return false;
    }
    out.putLong(out.position(), index);
    out.position(out.position() + request);
    return true;
  }

  @Override
  public void flush() throws IOException {
    out.flip();
    feed.write(out);
    out.compact();
  }

  @Override
  public void poll(LongConsumer answered) throws IOException {
    if (out.position() > 0) {
      flush();
    }
    int read = client.read(in);
    if (read < 0) {
      throw new EOFException("the echo server is gone");
    }
    if (read == 0) {
      return;
    }
    in.flip();
    while (in.remaining() >= reply) {
      answered.accept(in.getLong(in.position()));
      in.position(in.position() + reply);
    }
    in.compact();
  }

  @Override
  public long pid() {
    return server.pid();
  }

  @Override
  public void close() throws IOException {
    try (feed;
        client) {
      server.close();
    }
  }
}
