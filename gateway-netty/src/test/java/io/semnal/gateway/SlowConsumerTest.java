package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SlowConsumerTest {
  private static final int BARS = 4;
  private static final int MESSAGES = 100_000;
  private final Outbound outbound = new Outbound();

  @Test
  void isToldItsLastTokenAndCanResumeWhileOthersGetAll() throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.maxPending = 256 * 1024;
    try (GatewayFixture gateway = new GatewayFixture(settings)) {
      gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
      gateway.start();
      try (TcpClient slow =
              new TcpClient(gateway.tcpPort(), 4_096).login(gateway.clientKey("all"));
          TcpClient quick = gateway.connect("all")) {
        slow.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
        quick.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
        Thread publisher = publisher(gateway);
        for (long seq = 2; seq <= MESSAGES; seq++) {
          assertThat(MessageLayout.outSeq(quick.nextOutbound(), 0)).isEqualTo(seq);
        }
        LoopThread.join(publisher);
        long last = readUntilDropped(slow);
        assertThat(gateway.metrics.counter("gateway_slow_total{loop=\"hot\"}", "").get())
            .isEqualTo(1);
        resume(gateway, last);
      }
    }
  }

  /** In small batches, at a pace that a client which reads can follow. */
  private Thread publisher(GatewayFixture gateway) {
    Thread thread =
        new Thread(
            () -> {
              for (long seq = 2; seq <= MESSAGES; seq += 100) {
                int n = (int) Math.min(100, MESSAGES - seq + 1);
                byte[][] batch = new byte[n][];
                for (int i = 0; i < n; i++) {
                  batch[i] = outbound.bar(seq + i, 1, 60);
                }
                gateway.publish(batch);
                java.util.concurrent.locks.LockSupport.parkNanos(500_000);
              }
            });
    thread.start();
    return thread;
  }

  /** What the slow client finds when it reads at last: a stretch without a gap, then the reason. */
  private static long readUntilDropped(TcpClient slow) throws Exception {
    long last = 1;
    while (true) {
      UnsafeBuffer message = slow.next();
      assertThat(message).as("an error before the end of the stream").isNotNull();
      int template = MessageLayout.templateId(message, 0);
      if (template == SessionErrorDecoder.TEMPLATE_ID) {
        SessionErrorDecoder error = new SessionErrorDecoder();
        error.wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
        assertThat(error.code()).isEqualTo(ErrorCode.SLOW_CONSUMER);
        assertThat(error.fatal()).isEqualTo(BooleanType.T);
        assertThat(error.retryable()).isEqualTo(BooleanType.T);
        assertThat(error.lastOutSeq()).isEqualTo(last);
        assertThat(slow.next()).isNull();
        return last;
      }
      if (MessageLayout.isOutbound(template)) {
        assertThat(MessageLayout.outSeq(message, 0)).isEqualTo(++last);
      }
    }
  }

  private static void resume(GatewayFixture gateway, long last) throws Exception {
    assertThat(last).isLessThan(MESSAGES);
    try (TcpClient again = gateway.connect("all")) {
      again.resume(1, BARS, last).next(ReplayBeginDecoder.TEMPLATE_ID);
      for (long seq = last + 1; seq <= MESSAGES; seq++) {
        assertThat(MessageLayout.outSeq(again.nextOutbound(), 0)).isEqualTo(seq);
      }
    }
  }

  @Test
  void aClientThatLagsBrieflyIsNotDropped() throws Exception {
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.maxPending = 8 << 20;
    try (GatewayFixture gateway = new GatewayFixture(settings)) {
      gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
      gateway.start();
      try (TcpClient client =
          new TcpClient(gateway.tcpPort(), 4_096).login(gateway.clientKey("all"))) {
        client.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
        byte[][] batch = new byte[40_000][];
        for (int i = 0; i < batch.length; i++) {
          batch[i] = outbound.bar(2 + i, 1, 60);
        }
        gateway.publish(batch);
        gateway.settle();
        for (long seq = 2; seq <= batch.length + 1; seq++) {
          assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(seq);
        }
      }
    }
  }
}
