package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.session.ResumeToken;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Receiving over a real socket, decoding, measuring latency and waiting: no byte of garbage. */
class ClientAllocationTest {
  private static final int WARM = 20_000;
  private static final int SLICE = 5_000;

  /** What the virtual machine allocates itself, when it compiles what runs: once or twice. */
  private static final int MOST = 10;

  private static final class Sum implements StreamListener {
    int events;
    long prices;

    @Override
    public void onSignalEvent(SignalEventDecoder event, Arrival arrival) {
      events++;
      prices += event.price() + arrival.instrument(event.instrumentId()).length();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TCP", "WS_SBE"})
  void aMessageAllocatesNothing(Way way) throws Exception {
    Outbound journal = new Outbound();
    GatewayRig.Settings settings = new GatewayRig.Settings();
    // Nobody's heartbeat, so that it is messages that are measured.
    settings.heartbeat = Duration.ofHours(1);
    Sum sum = new Sum();
    for (int i = 0; i < WARM; i++) {
      journal.event(0);
    }
    try (GatewayRig rig = new GatewayRig(journal, settings);
        SemnalClient client =
            new SemnalClient(way.options(rig).withTimeSync(Duration.ofHours(1)), sum)) {
      client.connect();
      client.subscribe(Subscription.to(Channel.SIGNALS).resumingAfter(new ResumeToken(1, 0)));
      receive(client, sum, WARM);
      Polling.until(client, () -> "the server's time", () -> client.serverClock().samples() >= 8);
      Thread publisher = Thread.ofPlatform().start(() -> publish(rig, journal));
      Steps steps = new Steps();
      while (sum.events < WARM + SLICE) {
        steps.step(client);
      }
      publisher.join();
      // A step hands over 256 messages at most: what allocates by the message, or by the hundredth,
      // would be in at least twice as many.
      assertThat(steps.allocating).as("of %d steps", steps.count).isLessThanOrEqualTo(MOST);
      assertThat(
              client.latency().sinceQuote(Channel.SIGNALS).getTotalCount()
                  + client.latency().beyondAnHour()
                  + client.latency().ahead())
          .isPositive();
    }
  }

  /** How many of a client's steps, to receive or to wait, allocated anything. */
  private static final class Steps {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int count;
    int allocating;

    void step(SemnalClient client) throws Exception {
      long before = threads.getCurrentThreadAllocatedBytes();
      if (client.poll() == 0) {
        client.await(1);
      }
      count++;
      allocating += threads.getCurrentThreadAllocatedBytes() > before ? 1 : 0;
      if (Thread.interrupted()) {
        throw new InterruptedException("what this waits for did not come");
      }
    }
  }

  private static void publish(GatewayRig rig, Outbound journal) {
    for (int i = 0; i < SLICE; i++) {
      rig.publish(journal.event(0));
    }
  }

  /** Without a helper's lambdas: what it allocates would be measured. */
  private static void receive(SemnalClient client, Sum sum, int events) throws Exception {
    while (sum.events < events) {
      if (client.poll() == 0) {
        client.await(1);
        if (Thread.interrupted()) {
          throw new InterruptedException(sum.events + " of " + events + " came");
        }
      }
    }
  }
}
