package io.semnal.client.examples;

import io.semnal.client.Arrival;
import io.semnal.client.ClientOptions;
import io.semnal.client.SemnalClient;
import io.semnal.client.StreamListener;
import io.semnal.client.Subscription;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.SignalDecoder;
import java.io.IOException;
import java.time.Duration;

/** Measures how long after its quote a signal is here, by the server's clock. */
public final class MeasureLatency implements StreamListener {
  private int signals;

  @Override
  public void onSignal(SignalDecoder signal, Arrival arrival) {
    signals += arrival.isLive() ? 1 : 0;
  }

  /** Returns the figures after so many live signals. */
  public String run(ClientOptions options, int wanted) throws IOException {
    ClientOptions measuring = options.withTimeSync(Duration.ofSeconds(1));
    try (SemnalClient client = new SemnalClient(measuring, this)) {
      client.connect();
      client.subscribe(Subscription.to(Channel.SIGNALS));
      while (signals < wanted) {
        if (client.poll() == 0) {
          client.await(100);
        }
      }
      return client.latency().summary();
    }
  }
}
