package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Channel;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program that does not ask for messages for so long that the server ends its session. */
class AwayClientTest {
  private static final int EVENTS = 3_000;

  private static long next(MessageStream stream) throws IOException {
    Published next = stream.next(Await.PATIENCE);
    assertThat(next).as("a message").isNotNull();
    return next.outSeq();
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TCP", "WS_SBE"})
  void goesOnWhereItWas(Way way) throws Exception {
    Outbound journal = new Outbound();
    GatewayRig.Settings settings = new GatewayRig.Settings();
    settings.heartbeat = Duration.ofMillis(100);
    List<String> lost = new ArrayList<>();
    List<Long> seen = new ArrayList<>();
    try (GatewayRig rig = new GatewayRig(journal, settings);
        MessageStream stream =
            MessageStream.open(
                way.options(rig),
                Subscription.to(Channel.SIGNALS).resumingAfter(new ResumeToken(1, 0)),
                new ConnectionListener() {
                  @Override
                  public void onDisconnected(String why) {
                    lost.add(why);
                  }
                })) {
      rig.publish(journal.event(0));
      seen.add(next(stream));
      for (int i = 1; i < EVENTS; i++) {
        rig.publish(journal.event(0));
      }
      Await.until("the end of the session", () -> rig.sessions() == 0);
      while (seen.size() < EVENTS) {
        seen.add(next(stream));
      }
      assertThat(seen).isEqualTo(LongStream.rangeClosed(3, EVENTS + 2).boxed().toList());
      // What had arrived already may have been all.
      Await.until(
          "word of the loss",
          () -> {
            assertThat(stream.next(Duration.ofMillis(50))).isNull();
            return !lost.isEmpty();
          });
      rig.publish(journal.event(0));
      assertThat(next(stream)).isEqualTo(EVENTS + 3);
    }
  }
}
