package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.AeronConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.aeron.AeronPublisher;
import io.semnal.gateway.aeron.EmbeddedDriver;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.testing.Await;
import io.semnal.testing.StandingPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The SDK over Aeron, against the real driver, publisher and gateway. Driver, publisher and client
 * run on the test's thread; what a full publication would drop, the test leaves out at random.
 */
class AeronClientTest {
  private static final int STREAM = 1001;
  private static final Channel[] CHANNELS = {Channel.SIGNALS, Channel.SCORES, Channel.BARS};
  private static final int BITS = 0b111;

  @TempDir private Path folder;
  private final Outbound journal = new Outbound();
  private final Collected seen = new Collected();
  private final Random random = new Random(5);
  private EmbeddedDriver driver;
  private AeronPublisher publisher;
  private GatewayRig rig;
  private String channel;
  private int turns;

  @BeforeEach
  void launch() {
    driver = new EmbeddedDriver(folder.resolve("driver"), 1 << 20, System::nanoTime, new Metrics());
  }

  @AfterEach
  void close() {
    if (rig != null) {
      rig.close();
    }
    driver.close();
  }

  private void open(String on) throws Exception {
    channel = on;
    rig = new GatewayRig(journal, 0, 0);
    publisher = publisher();
  }

  private AeronPublisher publisher() {
    return new AeronPublisher(
        driver.publication(channel, STREAM),
        new AeronConfig.Publish(true, channel, STREAM, BITS, Duration.ofMillis(10)),
        1,
        journal.head(),
        new Metrics());
  }

  private AeronClient client(Subscription subscription) throws Exception {
    AeronClient client =
        new AeronClient(
            ClientOptions.of("tcp://127.0.0.1:" + rig.tcp.getPort(), GatewayRig.CLIENT)
                .withTimeout(Duration.ofSeconds(60)),
            subscription,
            driver.subscription(channel, STREAM),
            seen);
    client.connect();
    return client;
  }

  private byte[] message() {
    return switch ((int) (journal.head() % 7)) {
      case 0 -> journal.signal();
      case 1, 2 -> journal.bar();
      case 3 -> journal.score(0.5);
      default -> journal.event(0);
    };
  }

  /**
   * @param dropPercent that Aeron does not get, though the publisher was told of them
   */
  private void publish(int messages, int dropPercent) {
    for (int i = 0; i < messages; i++) {
      byte[] message = message();
      rig.publish(message);
      UnsafeBuffer buffer = new UnsafeBuffer(message);
      if (random.nextInt(100) < dropPercent) {
        lossy.drop(buffer);
      } else {
        publisher.onOutbound(buffer, 0, message.length, 0);
      }
    }
  }

  private final Lossy lossy = new Lossy();

  /** Makes the next message unsendable: longer than Aeron takes. */
  private final class Lossy {
    void drop(UnsafeBuffer message) {
      UnsafeBuffer tooLong = new UnsafeBuffer(new byte[1 << 20]);
      tooLong.putBytes(0, message, 0, message.capacity());
      publisher.onOutbound(tooLong, 0, tooLong.capacity(), 0);
    }
  }

  private void turn(AeronClient client) throws Exception {
    publisher.doWork(++turns * 1_000_000L);
    driver.doWork();
    client.poll();
  }

  private void until(AeronClient client, java.util.function.BooleanSupplier done) throws Exception {
    Await.Deadline deadline =
        new Await.Deadline(
            () -> "more than " + seen.outSeqs.size() + " of " + journal.head() + ", " + seen.errors,
            Await.PATIENCE);
    while (!done.getAsBoolean()) {
      turn(client);
      deadline.pause();
    }
  }

  private List<Long> expected(long after) {
    List<Long> expected = new ArrayList<>();
    for (byte[] bytes : journal.messages()) {
      UnsafeBuffer message = new UnsafeBuffer(bytes);
      int of = Channel.of(MessageLayout.templateId(message, 0));
      long outSeq = MessageLayout.outSeq(message, 0);
      if (outSeq > after && of < 3) {
        expected.add(outSeq);
      }
    }
    return expected;
  }

  private boolean hasAll() {
    return !seen.outSeqs.isEmpty() && seen.outSeqs.getLast() == journal.head();
  }

  private static String udp() throws Exception {
    return "aeron:udp?endpoint=127.0.0.1:" + StandingPort.udp();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void startsLateMissesFragmentsAtRandomAndSeesTheJournalEachOnceInOrder(boolean ipc)
      throws Exception {
    for (int i = 0; i < 3_000; i++) {
      message();
    }
    open(ipc ? "aeron:ipc" : udp());
    try (AeronClient client =
        client(Subscription.to(CHANNELS).resumingAfter(new ResumeToken(1, 0)))) {
      publish(500, 0);
      for (int round = 0; round < 30; round++) {
        publish(random.nextInt(40), 0);
        turn(client);
        publish(random.nextInt(40), round % 3 == 0 ? 20 : 0);
        if (round % 2 == 0) {
          until(client, client::isFollowingAeron);
        }
        turn(client);
      }
      until(client, () -> hasAll() && client.isFollowingAeron());
      assertThat(seen.outSeqs).isEqualTo(expected(0));
      assertThat(client.gaps()).isPositive();
      assertThat(client.catchUps()).isGreaterThan(client.gaps() - 1).isGreaterThan(2);
      assertThat(seen.errors).isEmpty();
      assertThat(seen.gaps).isZero();
      assertThat(client.token()).isEqualTo(new ResumeToken(1, journal.head()));
    }
  }

  @Test
  void seesALostTailByTheHeartbeat() throws Exception {
    open("aeron:ipc");
    try (AeronClient client = client(Subscription.to(CHANNELS))) {
      // From now on, whenever that is for the server: nothing is published before it stands.
      until(client, client::isFollowingAeron);
      long before = journal.head();
      publish(10, 0);
      until(client, () -> hasAll() && client.isFollowingAeron());
      publish(1, 100);
      until(client, () -> hasAll() && client.isFollowingAeron());
      assertThat(seen.outSeqs.getLast()).isEqualTo(before + 11);
      assertThat(client.gaps()).isEqualTo(1);
      List<Long> all = expected(0);
      assertThat(all).endsWith(seen.outSeqs.toArray(Long[]::new));
      assertThat(seen.outSeqs).doesNotHaveDuplicates();
    }
  }

  @Test
  void theSessionServesWhileNobodyPublishesOverAeron() throws Exception {
    open("aeron:ipc");
    try (AeronClient client =
        client(Subscription.to(CHANNELS).resumingAfter(new ResumeToken(1, 0)))) {
      publish(10, 0);
      until(client, () -> hasAll() && client.isFollowingAeron());
      publisher.close();
      for (int i = 0; i < 20; i++) {
        rig.publish(message());
      }
      Await.until(
          "all by the session",
          () -> {
            driver.doWork();
            client.poll();
            return hasAll();
          });
      assertThat(client.isFollowingAeron()).isFalse();
      publisher = publisher();
      publish(5, 0);
      until(client, () -> hasAll() && client.isFollowingAeron());
      assertThat(seen.outSeqs).isEqualTo(expected(0));
    }
  }

  @Test
  void beginsWithASnapshotWhereThatIsAskedFor() throws Exception {
    for (int i = 0; i < 50; i++) {
      message();
    }
    open("aeron:ipc");
    long head = journal.head();
    try (AeronClient client = client(Subscription.to(CHANNELS).withSnapshot())) {
      until(client, client::isFollowingAeron);
      int snapshot = seen.outSeqs.size();
      publish(10, 0);
      until(client, () -> hasAll());
      assertThat(seen.outSeqs.subList(snapshot, seen.outSeqs.size())).isEqualTo(expected(head));
    }
  }

  @Test
  void refusesASubscriptionToOtherChannelsThanThoseOverAeron() throws Exception {
    open("aeron:ipc");
    try (AeronClient client = client(Subscription.to(Channel.SIGNALS))) {
      assertThatThrownBy(() -> until(client, client::isFollowingAeron))
          .isInstanceOf(java.io.IOException.class)
          .hasMessage(
              "the server publishes channels 111 (bits) over Aeron, the subscription is to 1:"
                  + " both must be the same");
    }
  }

  @Test
  void refusesFiltersAndJson() throws Exception {
    open("aeron:ipc");
    io.aeron.Subscription aeron = driver.subscription(channel, STREAM);
    ClientOptions options = ClientOptions.of("tcp://127.0.0.1:1", GatewayRig.CLIENT);
    Subscription filtered = Subscription.to(CHANNELS).withInstruments(List.of("EURUSD"));
    assertThatThrownBy(() -> new AeronClient(options, filtered, aeron, seen))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no filter");
    ClientOptions json = ClientOptions.of("ws://127.0.0.1:1/ws", GatewayRig.CLIENT).withJson();
    assertThatThrownBy(() -> new AeronClient(json, Subscription.to(CHANNELS), aeron, seen))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SBE");
  }
}
