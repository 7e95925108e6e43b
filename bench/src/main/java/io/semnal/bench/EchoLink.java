package io.semnal.bench;

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
  private final ChildProcess server;
  private final SocketChannel socket;
  private final int reply;
  private final ByteBuffer out;
  private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);

  EchoLink(int request, int reply) throws IOException {
    this.reply = reply;
    out = ByteBuffer.allocateDirect(request);
    server =
        ChildProcess.start(
            "64m",
            EchoServer.class.getName(),
            List.of(Integer.toString(request), Integer.toString(reply)));
    int port = Integer.parseInt(server.awaitLine(line -> line.matches("[0-9]+")));
    socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.configureBlocking(false);
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  @Override
  public void send(long index) throws IOException {
    out.clear();
    out.putLong(0, index);
    while (out.hasRemaining()) {
      socket.write(out);
    }
  }

  @Override
  public void poll(LongConsumer answered) throws IOException {
    int read = socket.read(in);
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
  public void close() throws IOException {
    socket.close();
    server.close();
  }
}
