package io.semnal.bench;

import io.semnal.core.agent.AgentThread;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The least that a server can do: answers each fixed-length request with its number in a
 * fixed-length reply, over plain NIO. It idles as the server does: so many empty looks, then a
 * blocking select. A process of its own.
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
    try (ServerSocketChannel listener = ServerSocketChannel.open();
        Selector selector = Selector.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      System.out.println(((InetSocketAddress) listener.getLocalAddress()).getPort());
      try (SocketChannel client = listener.accept()) {
        client.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        client.register(selector, SelectionKey.OP_READ);
        serve(client, selector, request, reply);
      }
    }
  }

  private static void serve(SocketChannel client, Selector selector, int request, int reply)
      throws IOException {
    ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    ByteBuffer out = ByteBuffer.allocateDirect(BUFFER / request * reply + reply);
    int idle = 0;
    while (true) {
      int ready = idle++ < AgentThread.SPINS ? selector.selectNow() : selector.select();
      if (ready == 0) {
        continue;
      }
      idle = 0;
      selector.selectedKeys().clear();
      if (client.read(in) < 0) {
        return;
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
