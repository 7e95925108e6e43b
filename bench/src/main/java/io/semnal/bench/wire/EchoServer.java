package io.semnal.bench.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The least that a server can do: answers each fixed-length request with its number in a
 * fixed-length reply, over plain NIO. It never sleeps, as the server beside it. A process of its
 * own.
 */
final class EchoServer {
  private static final int BUFFER = 1 << 16;

  private EchoServer() {}

  /**
   * @param args bytes of a request, bytes of a reply
   */
  public static void main(String[] args) throws IOException {
    int request = Integer.parseInt(args[0]);
    int reply = Integer.parseInt(args[1]);
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      System.out.println(((InetSocketAddress) listener.getLocalAddress()).getPort());
      // As with the server: requests come on one connection, replies go out on another.
      try (SocketChannel feed = listener.accept();
          SocketChannel client = listener.accept()) {
        feed.configureBlocking(false);
        client.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        serve(feed, client, request, reply);
      }
    }
  }

  private static void serve(SocketChannel feed, SocketChannel client, int request, int reply)
      throws IOException {
    ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    ByteBuffer out = ByteBuffer.allocateDirect(BUFFER / request * reply + reply);
    while (true) {
      int read = feed.read(in);
      if (read < 0) {
        return;
      }
      if (read == 0) {
        Thread.onSpinWait();
        continue;
      }
      in.flip();
      out.clear();
      while (in.remaining() >= request) {
        out.putLong(out.position(), in.getLong(in.position()));
        in.position(in.position() + request);
        out.position(out.position() + reply);
      }
      in.compact();
      out.flip();
      while (out.hasRemaining()) {
        client.write(out);
      }
    }
  }
}
