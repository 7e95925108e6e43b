package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Channel;
import io.semnal.protocol.session.ClientTls;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.testing.Await;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that are cut anywhere, again and again: the client sees each message once. */
class RandomKillsTest {
  private static final int CUTS = 12;
  private static final int MESSAGES = 6_000;
  private static final int MOST_BYTES = 60_000;

  @ParameterizedTest
  @EnumSource
  void eachMessageOnceAndInOrder(Way way) throws Exception {
    eachMessageOnce(way, new GatewayRig.Settings(), ClientTls.system(), false);
  }

  /** Cut within records and handshakes too. */
  @ParameterizedTest
  @EnumSource
  void eachMessageOnceAndInOrderInsideTls(Way way) throws Exception {
    Certificates.Made server = Certificates.server();
    GatewayRig.Settings settings = new GatewayRig.Settings();
    settings.tls = server.tls();
    eachMessageOnce(way, settings, ClientTls.pinned(server.sha256()), true);
  }

  private static void eachMessageOnce(
      Way way, GatewayRig.Settings settings, ClientTls tls, boolean secure) throws Exception {
    Outbound journal = new Outbound();
    for (int i = 0; i < MESSAGES / 2; i++) {
      journal.event(0);
    }
    Collected seen = new Collected();
    try (GatewayRig rig = new GatewayRig(journal, settings);
        SeveringProxy proxy = new SeveringProxy(way.port(rig), CUTS, MOST_BYTES, 11);
        SemnalClient client =
            new SemnalClient(
                way.options("127.0.0.1", proxy.port(), secure, GatewayRig.CLIENT).withTls(tls),
                seen)) {
      connect(client);
      client.subscribe(Subscription.to(Channel.SIGNALS).resumingAfter(new ResumeToken(1, 0)));
      int published = MESSAGES / 2;
      // The rest is published while the cuts go on, some for each step of the client.
      Await.Deadline deadline =
          new Await.Deadline(
              () -> seen.outSeqs.size() + " messages, cuts left: " + proxy.cutsLeft,
              Await.PATIENCE);
      while (seen.outSeqs.size() < MESSAGES || proxy.cutsLeft.get() > 0) {
        deadline.check();
        if (published < MESSAGES || proxy.cutsLeft.get() > 0) {
          for (int i = 0; i < 20; i++) {
            rig.publish(journal.event(0));
          }
          published += 20;
        }
        if (client.poll() == 0) {
          client.await(5);
        }
      }
      int all = published;
      Polling.until(
          client, () -> seen.outSeqs.size() + " of " + all, () -> seen.outSeqs.size() >= all);
      assertThat(seen.outSeqs).isEqualTo(expected(published));
      if (!way.isJson()) {
        List<byte[]> journaled = journal.messages();
        for (int i = 0; i < published; i++) {
          assertThat(seen.messages.get(i)).isEqualTo(journaled.get(i + 2));
        }
      }
      assertThat(seen.gaps).isZero();
      assertThat(seen.losses).isPositive();
      assertThat(client.token()).isEqualTo(new ResumeToken(1, published + 2));
    }
  }

  /** The first connection may be cut in its login: that is told, not retried. */
  private static void connect(SemnalClient client) {
    Await.until(
        "a login that is not cut",
        () -> {
          try {
            client.connect();
            return true;
          } catch (java.io.IOException e) {
            return false;
          }
        });
  }

  private static List<Long> expected(int published) {
    List<Long> expected = new ArrayList<>();
    for (long seq = 3; seq <= published + 2; seq++) {
      expected.add(seq);
    }
    return expected;
  }
}
