package io.semnal.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy that severs each connection after a random number of bytes from the server, anywhere in a
 * frame, as long as it has cuts left.
 */
final class SeveringProxy implements AutoCloseable {
  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int target;
  private final Random random;
  private final int most;
  final AtomicInteger cutsLeft;

  /**
   * @param most bytes that pass before a cut
   */
  SeveringProxy(int target, int cuts, int most, long seed) throws IOException {
    this.target = target;
    this.most = most;
    cutsLeft = new AtomicInteger(cuts);
    random = new Random(seed);
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        boolean cut = cutsLeft.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
        long bytes = cut ? 1 + random.nextInt(most) : Long.MAX_VALUE;
        Thread.ofVirtual().start(() -> pass(client, server, Long.MAX_VALUE));
        Thread.ofVirtual().start(() -> pass(server, client, bytes));
      } catch (IOException e) {
        // Closed, or the server was not there: the client sees a refused connection either way.
        Thread.onSpinWait();
      }
    }
  }

  private static void pass(Socket from, Socket to, long most) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[4_096];
      long left = most;
      while (left > 0) {
        int read = in.read(bytes, 0, (int) Math.min(bytes.length, left));
        if (read < 0) {
          return;
        }
        out.write(bytes, 0, read);
        left -= read;
      }
    } catch (IOException e) {
      // The other direction was severed: that is what this proxy is for.
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
