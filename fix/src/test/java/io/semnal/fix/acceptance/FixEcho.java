package io.semnal.fix.acceptance;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.dictionary.FixDictionary;
import io.semnal.fix.net.FixAcceptor;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.session.SessionDirectory;
import io.semnal.fix.store.MemoryStore;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An acceptor that sends back what it gets, for others' acceptance scripts: ISLD facing TW42 in
 * FIX.4.2 and TW44 in FIX.4.4 on one port, numbers from 1 with each Logon, dictionaries on. Started
 * alone by {@code scripts/fix-echo PORT}.
 */
public final class FixEcho implements AutoCloseable {
  private static final long TURN_NANOS = 20_000_000L;

  private final Thread thread;
  private final CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();
  private volatile boolean running = true;

  public FixEcho(int port) {
    thread = new Thread(() -> run(port), "fix-echo");
    thread.start();
  }

  private void run(int port) {
    ManualIoEventLoop loop =
        new ManualIoEventLoop(Thread.currentThread(), NioIoHandler.newFactory());
    FixAcceptor acceptor =
        new FixAcceptor(
            loop,
            NioServerSocketChannel.class,
            SessionDirectory.of(
                List.of(session(FixVersion.FIX42, "TW42"), session(FixVersion.FIX44, "TW44"))),
            null,
            FixEcho::now,
            65_536,
            64);
    acceptor
        .listen(new InetSocketAddress("127.0.0.1", port))
        .whenComplete(
            (bound, e) -> {
              if (e == null) {
                address.complete(bound);
              } else {
                address.completeExceptionally(e);
              }
            });
    while (running) {
      loop.run(TURN_NANOS);
      acceptor.doWork(now());
    }
    acceptor.shutdown("the echo ends", now());
    loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    while (!loop.isTerminated()) {
      loop.run(TURN_NANOS);
    }
  }

  private static FixSession session(FixVersion version, String target) {
    return new FixSession(
        SessionConfig.acceptor(version, "ISLD", target)
            .resetOnLogon(true)
            .testRequestId("TEST")
            .dictionary(FixDictionary.of(version, false))
            .build(),
        new MemoryStore(),
        new EchoApplication());
  }

  /** UTC nanoseconds. */
  static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  public InetSocketAddress address() {
    return address.join();
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Listens on the port given until the process is ended. */
  public static void main(String[] args) {
    if (args.length != 1 || !args[0].matches("\\d{1,5}")) {
      System.err.println("usage: fix-echo PORT");
      System.exit(2);
    }
    FixEcho echo = new FixEcho(Integer.parseInt(args[0]));
    System.out.println("fix-echo listens on " + echo.address());
  }
}
