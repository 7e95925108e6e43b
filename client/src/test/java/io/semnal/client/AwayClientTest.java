package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Channel;
import io.semnal.protocol.session.ResumeToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program that does not ask for messages for so long that the server ends its session. */
@Timeout(120)
class AwayClientTest {
  private static final int EVENTS = 3_000;

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
      seen.add(stream.next().outSeq());
      for (int i = 1; i < EVENTS; i++) {
        rig.publish(journal.event(0));
      }
      while (rig.sessions() > 0) {
        Thread.sleep(10);
      }
      while (seen.size() < EVENTS) {
        seen.add(stream.next().outSeq());
      }
      assertThat(seen).isEqualTo(LongStream.rangeClosed(3, EVENTS + 2).boxed().toList());
      // What had arrived already may have been all.
      while (lost.isEmpty()) {
        assertThat(stream.next(Duration.ofMillis(50))).isNull();
      }
      rig.publish(journal.event(0));
      assertThat(stream.next().outSeq()).isEqualTo(EVENTS + 3);
    }
  }
}
