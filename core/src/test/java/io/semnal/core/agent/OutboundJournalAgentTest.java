package io.semnal.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.EventPoller;
import io.semnal.core.ingress.MessageLog;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;

class OutboundJournalAgentTest {
  private final MessageRing outbound = new MessageRing(8, 64);
  private final RingSink sink = new RingSink(outbound);
  private final List<String> order = new ArrayList<>();
  private EventPoller<Slot> session;

  @Test
  void showsNobodyABatchBeforeItIsSynced() throws Exception {
    MessageLog log =
        new MessageLog() {
          @Override
          public void append(DirectBuffer buffer, int offset, int length) {
            order.add("append");
            pollSession();
          }

          @Override
          public void sync() {
            pollSession();
            order.add("sync");
            pollSession();
          }

          @Override
          public void close() {}
        };
    OutboundJournalAgent agent =
        new OutboundJournalAgent(outbound, log, new Metrics().stages(), false);
    session = outbound.poller(true, agent.sequence());
    say(3);
    assertThat(agent.doWork()).isEqualTo(3);
    pollSession();
    assertThat(order).containsExactly("append", "append", "append", "sync", "sent", "sent", "sent");
    assertThat(agent.doWork()).isZero();
    say(1);
    agent.doWork();
    pollSession();
    assertThat(order.subList(7, 10)).containsExactly("append", "sync", "sent");
  }

  private void say(int count) {
    for (int i = 0; i < count; i++) {
      MutableDirectBuffer target = sink.claim(32);
      target.setMemory(sink.offset(), 32, (byte) 0);
      sink.commit(32);
    }
    sink.flush();
  }

  private void pollSession() {
    try {
      session.poll((slot, sequence, last) -> order.add("sent"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
