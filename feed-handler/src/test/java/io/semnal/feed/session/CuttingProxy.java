package io.semnal.feed.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between feed and server: passes bytes on in pieces of any size, and cuts each of its first
 * connections after a number of bytes of its choice.
 */
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final Random random;
  final AtomicInteger cuts = new AtomicInteger();
  private final int mostCuts;
  private final int mostBytes;
  volatile InetSocketAddress target;

  CuttingProxy(InetSocketAddress target, int mostCuts, int mostBytes, long seed)
      throws IOException {
    this.target = target;
    this.mostCuts = mostCuts;
    this.mostBytes = mostBytes;
    random = new Random(seed);
    Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        Socket far = new Socket(target.getAddress(), target.getPort());
        int budget = cuts.get() < mostCuts ? 1 + random.nextInt(mostBytes) : Integer.MAX_VALUE;
        long seed = random.nextLong();
        Thread.ofVirtual().start(() -> pump(near, far, budget, new Random(seed)));
        Thread.ofVirtual().start(() -> pump(far, near, Integer.MAX_VALUE, new Random(seed + 1)));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void pump(Socket from, Socket to, int budget, Random sizes) {
    int left = budget;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[40_000];
      while (left > 0) {
        int read = in.read(piece, 0, 1 + sizes.nextInt(Math.min(left, piece.length)));
        if (read < 0) {
          return;
        }
        out.write(piece, 0, read);
        left -= budget == Integer.MAX_VALUE ? 0 : read;
      }
      cuts.incrementAndGet();
    } catch (IOException e) {
      // The other direction closed both ends.
      assert from.isClosed() || to.isClosed() || e.getMessage() != null;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
