package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.protocol.Channel;
import java.io.InterruptedIOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread that waits for messages can be told to stop. */
class InterruptedClientTest {
  @ParameterizedTest
  @EnumSource
  void aWaitEndsAndTheClientStands(Way way) throws Exception {
    try (GatewayRig rig = new GatewayRig(new Outbound(), 0, 0);
        SemnalClient client = new SemnalClient(way.options(rig), new Collected())) {
      client.connect();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> client.await(600_000)).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(client.isConnected()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TCP", "WS_SBE"})
  void aStreamThatNothingComesFromEnds(Way way) throws Exception {
    try (GatewayRig rig = new GatewayRig(new Outbound(), 0, 0);
        MessageStream stream =
            MessageStream.open(way.options(rig), Subscription.to(Channel.SIGNALS))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(stream::next).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
