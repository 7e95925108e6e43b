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
  private static final int SLICES = 8;

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
      // What a slice allocates besides is the JVM's own, once: a class that is loaded late. A byte
      // for each message, or each hundredth, would be in every slice.
      long least = Long.MAX_VALUE;
      for (int i = 1; i <= SLICES && least > 0; i++) {
        Thread publisher = Thread.ofPlatform().start(() -> publish(rig, journal));
        least = Math.min(least, allocated(client, sum, WARM + i * SLICE));
        publisher.join();
      }
      assertThat(least).as("bytes for %d messages", SLICE).isZero();
      assertThat(
              client.latency().sinceQuote(Channel.SIGNALS).getTotalCount()
                  + client.latency().beyondAnHour()
                  + client.latency().ahead())
          .isPositive();
    }
  }

  private static long allocated(SemnalClient client, Sum sum, int events) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    receive(client, sum, events);
    return threads.getCurrentThreadAllocatedBytes() - before;
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
