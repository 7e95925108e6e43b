package io.semnal.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.EventPoller;
import io.semnal.core.engine.Engine;
import io.semnal.core.ingress.EngineTime;
import io.semnal.core.ingress.Ingress;
import io.semnal.core.ingress.MessageLog;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;

/** The stretch from the inbound ring to the outbound journal, on one thread. */
class EngineAgentTest {
  private static final int MOST = 4;
  private final Metrics metrics = new Metrics();
  private final MessageRing inbound = new MessageRing(16, 64);
  private final MessageRing outbound = new MessageRing(8, 64);
  private final RingSink sink = new RingSink(outbound);
  private final List<Long> seen = new ArrayList<>();
  private final List<Long> journaled = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Ingress ingress =
      new Ingress(
          inbound,
          new Log(new ArrayList<>()),
          EngineTime.source(),
          new SourceRegistry(),
          metrics,
          0,
          1);
  private long deadly = -1;

  /** Says as many messages as the last digit of the inbound sequence, at most {@link #MOST}. */
  private final Engine engine =
      new Engine() {
        private long outSeq;

        @Override
        public void onEarlierOutbound(DirectBuffer buffer, int offset, int length) {}

        @Override
        public void onWarmUp(DirectBuffer buffer, int offset, int length) {}

        @Override
        public void onMessage(DirectBuffer buffer, int offset, int length) {
          long seq = MessageLayout.journalSeq(buffer, offset);
          seen.add(seq);
          for (int i = 0; i < MOST; i++) {
            MutableDirectBuffer target = sink.claim(32);
            target.putLong(sink.offset() + MessageLayout.HEADER, ++outSeq);
            sink.commit(32);
            if (seq == deadly && i == 1) {
              throw new IllegalStateException("poison");
            }
          }
        }

        @Override
        public int maxOutboundPerMessage() {
          return MOST;
        }

        @Override
        public int maxOutboundLength() {
          return 32;
        }
      };

  private record Log(List<Long> sequences) implements MessageLog {
    @Override
    public void append(DirectBuffer buffer, int offset, int length) {
      sequences.add(buffer.getLong(offset + MessageLayout.HEADER));
    }

    @Override
    public void close() {}
  }

  @Test
  void endsItsBatchUnlessOutboundHasRoomForTheMost() throws Exception {
    EngineAgent agent = agent();
    OutboundJournalAgent journal = journal();
    clocks(6);
    assertThat(agent.doWork()).isEqualTo(2);
    assertThat(agent.doWork()).isZero();
    assertThat(journal.doWork()).isEqualTo(8);
    assertThat(agent.doWork()).isEqualTo(2);
    while (journal.doWork() + agent.doWork() > 0) {
      // To the end.
    }
    assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(journaled).hasSize(24).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void saysNothingOfAMessageThatKillsTheEngine() throws Exception {
    deadly = 2;
    EngineAgent agent = agent();
    OutboundJournalAgent journal = journal();
    clocks(3);
    agent.doWork();
    journal.doWork();
    assertThat(agent.doWork()).isZero();
    assertThat(agent.hasFailed()).isTrue();
    assertThat(failures).containsExactly("2 poison");
    assertThat(journaled).containsExactly(1L, 2L, 3L, 4L);
    assertThat(seen).containsExactly(1L, 2L);
  }

  @Test
  void doesNotGiveTheEngineWhatIsInQuarantine() throws Exception {
    EngineAgent agent =
        new EngineAgent(inbound, sink, engine, 64, seq -> seq == 2, this::failed, metrics);
    OutboundJournalAgent journal = journal();
    clocks(3);
    while (agent.doWork() + journal.doWork() > 0) {
      // To the end.
    }
    assertThat(seen).containsExactly(1L, 3L);
  }

  @Test
  void consumersSeeOnlyWhatIsJournaled() throws Exception {
    EngineAgent agent = agent();
    OutboundJournalAgent journal = journal();
    List<Long> sent = new ArrayList<>();
    OutboundAgent sessions =
        new OutboundAgent(
            "sessions",
            outbound,
            journal.sequence(),
            new OutboundHandler() {
              @Override
              public void onOutbound(DirectBuffer buffer, int offset, int length, long origin) {
                sent.add(buffer.getLong(offset + MessageLayout.HEADER));
              }

              @Override
              public void onBatchEnd() {}
            },
            metrics.stages(),
            io.semnal.core.metrics.StageRecorder.Stage.HOT_WRITE);
    clocks(2);
    agent.doWork();
    assertThat(sessions.doWork()).isZero();
    journal.doWork();
    assertThat(sessions.doWork()).isEqualTo(8);
    assertThat(sent).isEqualTo(journaled);
    sessions.detach();
    clocks(2);
    assertThat(agent.doWork()).isEqualTo(2);
  }

  @Test
  void ringHoldsSlotsApartAndInTheCacheLineGrid() throws Exception {
    MessageRing ring = new MessageRing(4, 65);
    EventPoller<Slot> poller = ring.poller(true);
    List<Integer> offsets = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      assertThat(ring.hasRoom(1)).isTrue();
      long sequence = ring.next();
      offsets.add(ring.get(sequence).offset());
      ring.publish(sequence);
    }
    assertThat(ring.hasRoom(1)).isFalse();
    assertThat(ring.depth()).isEqualTo(4);
    assertThat(offsets.get(1) - offsets.get(0)).isEqualTo(128);
    poller.poll((slot, sequence, last) -> true);
    assertThat(ring.hasRoom(4)).isTrue();
  }

  private EngineAgent agent() {
    return new EngineAgent(inbound, sink, engine, 64, seq -> false, this::failed, metrics);
  }

  private OutboundJournalAgent journal() {
    return new OutboundJournalAgent(outbound, new Log(journaled), metrics.stages(), true);
  }

  private void failed(long journalSeq, Throwable cause) {
    failures.add(journalSeq + " " + cause.getMessage());
  }

  private void clocks(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(ingress.advanceTo(i)).isTrue();
    }
  }
}
