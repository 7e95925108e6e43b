package io.semnal.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port of the loopback address for a server that goes and comes back on it, or for nobody: below
 * those that the system hands out, which it might give to a connection meanwhile, even to that of a
 * client which looks for the server.
 */
public final class StandingPort {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;

  /** One after another, so that two of one process never are the same. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

  private StandingPort() {}

  private interface Probe {
    void bind(int port) throws IOException;
  }

  public static int tcp() throws IOException {
    return free(port -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close());
  }

  public static int udp() throws IOException {
    return free(port -> new DatagramSocket(port, InetAddress.getLoopbackAddress()).close());
  }

  private static int free(Probe probe) throws IOException {
    Await.Deadline deadline = new Await.Deadline("a free port");
    while (true) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), END - FIRST);
      try {
        probe.bind(port);
        return port;
      } catch (BindException e) {
        // Taken: the next one.
        deadline.pause();
      }
    }
  }
}
