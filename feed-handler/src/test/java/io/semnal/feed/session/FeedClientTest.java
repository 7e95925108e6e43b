package io.semnal.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.source.SourceRegistry;
import io.semnal.feed.BadInputException;
import io.semnal.feed.Tick;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LoginRefusedException;
import io.semnal.testing.Await;
import io.semnal.testing.StandingPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Listener and client over real loopback sockets. */
class FeedClientTest {
  private static final List<String> SYMBOLS = List.of("USDJPY", "EURUSD");
  private static final int[] IDS = {7, 1};

  @Test
  void deliversEveryTickOnceInOrder() throws Exception {
    CapturingPort port = new CapturingPort(new SourceRegistry(), 2);
    try (FeedRig rig = new FeedRig(port, FeedRig.LIMITS, 0)) {
      FeedProgress end = client(rig.address(), FeedRig.LEAN, 100_000, Pace.MAX).run();
      assertThat(end.acknowledged()).isEqualTo(100_000);
      assertThat(end.sent()).isEqualTo(100_000);
      assertThat(end.reconnects()).isZero();
      assertSame(port, 100_000);
    }
  }

  @Test
  void deliversEveryTickOnceThroughPushback() throws Exception {
    CapturingPort port = new CapturingPort(new SourceRegistry(), 3);
    port.refusePercent = 20;
    try (FeedRig rig = new FeedRig(port, FeedRig.LIMITS, 0)) {
      FeedProgress end = client(rig.address(), FeedRig.LEAN, 10_000, Pace.MAX).run();
      assertThat(end.sent()).isEqualTo(10_000);
      assertThat(rig.count("feed_pushback_total")).isGreaterThan(1_000);
      assertSame(port, 10_000);
    }
  }

  @Test
  void resumesOverCutConnections() throws Exception {
    CapturingPort port = new CapturingPort(new SourceRegistry(), 4);
    port.refusePercent = 1;
    try (FeedRig rig = new FeedRig(port, FeedRig.LIMITS, 0);
        CuttingProxy proxy = new CuttingProxy(rig.address(), 12, 300_000, 9)) {
      FeedProgress end = client(proxy.address(), FeedRig.LEAN, 20_000, Pace.MAX).run();
      assertThat(proxy.cuts.get()).isGreaterThanOrEqualTo(5);
      assertThat(end.reconnects()).isGreaterThanOrEqualTo(5);
      assertThat(end.acknowledged()).isEqualTo(20_000);
      assertSame(port, 20_000);
    }
  }

  @Test
  void resumesAfterTheServerDiedAndCameBack() throws Exception {
    CapturingPort port = new CapturingPort(new SourceRegistry(), 5);
    CountDownLatch gone = new CountDownLatch(1);
    FeedRig first = new FeedRig(port, FeedRig.LIMITS, StandingPort.tcp());
    InetSocketAddress address = first.address();
    CompletableFuture<FeedProgress> end =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                FeedClient.Options options = options(address, FeedRig.LEAN, Pace.MAX);
                // The rest is there once the server is gone, however long its end takes.
                return new FeedClient(
                        options,
                        SYMBOLS,
                        () -> pausing(10_000, gone, new Ticks(30_000, 1)),
                        p -> {})
                    .run();
              } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    Await.until("the first quotes", () -> port.quotes().size() >= 5_000 || end.isDone());
    first.close();
    gone.countDown();
    int before = port.quotes().size();
    assertThat(before).isLessThan(30_000);
    try (FeedRig second = new FeedRig(port, FeedRig.LIMITS, address.getPort())) {
      FeedProgress progress = end.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(progress.reconnects()).isPositive();
      assertThat(second.sources.lastSeq(1)).isEqualTo(30_000);
      assertSame(port, 30_000);
    }
  }

  @Test
  void skipsWhatTheServerHas() throws Exception {
    CapturingPort port = new CapturingPort(new SourceRegistry(), 6);
    try (FeedRig rig = new FeedRig(port, FeedRig.LIMITS, 0)) {
      client(rig.address(), FeedRig.LEAN, 1_000, Pace.MAX).run();
      FeedProgress again = client(rig.address(), FeedRig.LEAN, 1_500, Pace.MAX).run();
      assertThat(again.present()).isEqualTo(1_000);
      assertThat(again.sent()).isEqualTo(500);
      FeedProgress nothing = client(rig.address(), FeedRig.LEAN, 1_200, Pace.MAX).run();
      assertThat(nothing.sent()).isZero();
      assertSame(port, 1_500);
    }
  }

  @Test
  void finishesWhenTheLastTicksAreRejected() throws Exception {
    CapturingPort port = new CapturingPort(new SourceRegistry(), 7);
    try (FeedRig rig = new FeedRig(port, FeedRig.LIMITS, 0)) {
      Ticks ticks = new Ticks(100, 1);
      FeedClient client =
          new FeedClient(
              options(rig.address(), FeedRig.LEAN, Pace.MAX),
              SYMBOLS,
              () -> badFrom(51, new Ticks(100, 1)),
              p -> {});
      FeedProgress end = client.run();
      assertThat(end.acknowledged()).isEqualTo(100);
      assertThat(end.rejections()).isPositive();
      assertThat(end.lastRejection()).contains("BAD_PRICE");
      assertThat(port.quotes()).hasSize(50);
      ticks.close();
    }
  }

  @Test
  void keepsToTheRate() throws Exception {
    CapturingPort port = new CapturingPort(new SourceRegistry(), 8);
    try (FeedRig rig = new FeedRig(port, FeedRig.LIMITS, 0)) {
      FeedProgress end = client(rig.address(), FeedRig.LEAN, 2_000, Pace.perSecond(4_000)).run();
      // The last is planned 1999 / 4000 s after the first: never sooner, whatever the machine does.
      assertThat(end.elapsedNanos()).isGreaterThan(499_000_000L);
      // Event times are 1 ms apart.
      FeedProgress fast =
          new FeedClient(
                  options(
                      rig.address(),
                      new ClientKey("other", FeedRig.OTHER.secret()),
                      Pace.speed(10)),
                  SYMBOLS,
                  () -> new Ticks(2_001, 1),
                  p -> {})
              .run();
      assertThat(fast.elapsedNanos()).isGreaterThan(200_000_000L);
    }
  }

  @Test
  void namesWhyItCannotGoOn() throws Exception {
    CapturingPort port = new CapturingPort(new SourceRegistry(), 9);
    try (FeedRig rig = new FeedRig(port, FeedRig.LIMITS, 0)) {
      assertThatThrownBy(
              () -> client(rig.address(), new ClientKey("lean", new byte[32]), 1, Pace.MAX).run())
          .isInstanceOfSatisfying(
              LoginRefusedException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED));
      FeedClient unknown =
          new FeedClient(
              options(rig.address(), FeedRig.LEAN, Pace.MAX),
              List.of("XAUUSD"),
              () -> new Ticks(1, 1),
              p -> {});
      assertThatThrownBy(unknown::run)
          .isInstanceOf(SessionEndedException.class)
          .hasMessageContaining("XAUUSD")
          .hasMessageContaining("EURUSD, USDJPY");
      FeedClient broken =
          new FeedClient(
              options(rig.address(), FeedRig.LEAN, Pace.MAX),
              SYMBOLS,
              () -> {
                throw new BadInputException("line 3");
              },
              p -> {});
      assertThatThrownBy(broken::run).isInstanceOf(BadInputException.class).hasMessage("line 3");
    }
    int free = StandingPort.tcp();
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), free);
    FeedClient.Options soon =
        options(nobody, FeedRig.LEAN, Pace.MAX, Duration.ofSeconds(60), Duration.ofMillis(500));
    assertThatThrownBy(() -> client(soon, 1).run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no session for")
        .hasMessageContaining(String.valueOf(free));
  }

  @Test
  void readsPaces() {
    assertThat(Pace.parseRate("50000/s")).isEqualTo(Pace.perSecond(50_000));
    assertThat(Pace.parseSpeed("10x")).isEqualTo(Pace.speed(10));
    assertThat(Pace.parseSpeed("max")).isEqualTo(Pace.MAX);
    assertThatThrownBy(() -> Pace.parseRate("fast")).hasMessageContaining("50000/s");
    assertThatThrownBy(() -> Pace.parseSpeed("0x")).isInstanceOf(IllegalArgumentException.class);
  }

  private static io.semnal.feed.TickSource pausing(int after, CountDownLatch until, Ticks ticks) {
    int[] made = {0};
    return new io.semnal.feed.TickSource() {
      @Override
      public boolean next(Tick into) {
        if (made[0]++ == after) {
          try {
            assertThat(until.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        }
        return ticks.next(into);
      }

      @Override
      public void close() {}
    };
  }

  private static io.semnal.feed.TickSource badFrom(int first, Ticks ticks) {
    int[] made = {0};
    return new io.semnal.feed.TickSource() {
      @Override
      public boolean next(Tick into) {
        boolean more = ticks.next(into);
        if (++made[0] >= first) {
          into.bid = -1;
        }
        return more;
      }

      @Override
      public void close() {}
    };
  }

  private static FeedClient client(InetSocketAddress address, ClientKey key, int count, Pace pace) {
    return client(options(address, key, pace), count);
  }

  private static FeedClient client(FeedClient.Options options, int count) {
    return new FeedClient(options, SYMBOLS, () -> new Ticks(count, 1), p -> {});
  }

  private static FeedClient.Options options(InetSocketAddress address, ClientKey key, Pace pace) {
    // However long this machine takes to answer, or to bring a server back.
    return options(address, key, pace, Duration.ofSeconds(60), Await.PATIENCE);
  }

  private static FeedClient.Options options(
      InetSocketAddress address, ClientKey key, Pace pace, Duration timeout, Duration retryFor) {
    return new FeedClient.Options(address, key, "test", pace, timeout, retryFor);
  }

  /** The input, read again, against what stands in the journal. */
  private static void assertSame(CapturingPort port, int count) {
    List<CapturingPort.Taken> quotes = port.quotes();
    assertThat(quotes).hasSize(count);
    Ticks ticks = new Ticks(count, 1);
    Tick tick = new Tick();
    for (int i = 0; i < count; i++) {
      assertThat(ticks.next(tick)).isTrue();
      CapturingPort.Taken q = quotes.get(i);
      CapturingPort.Taken expected =
          new CapturingPort.Taken(
              1,
              i + 1,
              IDS[tick.instrument],
              tick.eventTime,
              tick.bid,
              tick.ask,
              tick.bid > tick.ask ? 1 : 0);
      if (!q.equals(expected)) {
        assertThat(q).isEqualTo(expected);
      }
    }
  }
}
