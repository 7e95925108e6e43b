package io.semnal.core.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.EventPoller;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import io.semnal.core.source.SourceRegistry;
import io.semnal.core.time.WallClock;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ClockDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IngressTest {
  private static final long SECOND = 1_000_000_000L;
  private final Metrics metrics = new Metrics();
  private final List<String> journaled = new ArrayList<>();
  private final MessageRing ring = new MessageRing(8, 256);
  private final EventPoller<Slot> consumer = ring.poller(true);
  private final SourceRegistry sources = new SourceRegistry();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
  private long system = 1_000 * SECOND;

  private final MessageLog log =
      new MessageLog() {
        @Override
        public void append(DirectBuffer b, int offset, int length) {
          journaled.add(
              MessageLayout.templateId(b, offset)
                  + ":"
                  + MessageLayout.journalSeq(b, offset)
                  + "@"
                  + MessageLayout.inboundTime(b, offset) / SECOND);
        }

        @Override
        public void close() {}
      };

  @Test
  void sourceClockTakesTheLatestEventTimeAndNeverGoesBack() {
    Ingress ingress = ingress(EngineTime.source());
    offer(ingress, 1, 1, 10);
    offer(ingress, 1, 2, 8);
    offer(ingress, 1, 3, 12);
    assertThat(journaled).containsExactly("3:1@10", "3:2@10", "3:3@12");
  }

  @Test
  void wallClockHoldsASourceThatRunsAhead() {
    Ingress ingress = ingress(wall());
    offer(ingress, 1, 1, 990);
    offer(ingress, 1, 2, 5_000);
    assertThat(journaled).containsExactly("3:1@990", "3:2@1000");
  }

  @Test
  void wallClockMessagesStayBehindByTheGrace() {
    Ingress ingress = ingress(wall());
    assertThat(ingress.tick()).isEqualTo(1);
    assertThat(ingress.tick()).isZero();
    system += SECOND;
    assertThat(ingress.tick()).isEqualTo(1);
    assertThat(journaled)
        .containsExactly(ClockDecoder.TEMPLATE_ID + ":1@998", ClockDecoder.TEMPLATE_ID + ":2@999");
  }

  @Test
  void leavesOutWhatWasJournaledBefore() {
    int a = sources.define("a");
    int b = sources.define("b");
    sources.journaled(a, 5);
    Ingress ingress = ingress(EngineTime.source());
    assertThat(offer(ingress, a, 5, 10)).isTrue();
    assertThat(offer(ingress, a, 6, 10)).isTrue();
    assertThat(offer(ingress, a, 6, 10)).isTrue();
    assertThat(offer(ingress, b, 1, 10)).isTrue();
    assertThat(journaled).containsExactly("3:1@10", "3:2@10");
    assertThat(sources.lastSeq(a)).isEqualTo(6);
    assertThat(sources.lastSeq(b)).isEqualTo(1);
  }

  @Test
  void takesNothingWhenTheRingIsFullAndGoesOnAfterwards() throws Exception {
    Ingress ingress = ingress(EngineTime.source());
    for (int i = 1; i <= 8; i++) {
      assertThat(offer(ingress, 1, i, i)).isTrue();
    }
    assertThat(offer(ingress, 1, 9, 9)).isFalse();
    assertThat(journaled).hasSize(8);
    consumer.poll((slot, sequence, last) -> true);
    assertThat(offer(ingress, 1, 9, 9)).isTrue();
    assertThat(journaled).hasSize(9).last().isEqualTo("3:9@9");
  }

  @Test
  void journalsBeforeItPublishesTheSameBytes() throws Exception {
    Ingress ingress = ingress(EngineTime.source());
    ingress.resumeFrom(41, 7 * SECOND);
    offer(ingress, 3, 1, 5);
    List<String> seen = new ArrayList<>();
    consumer.poll(
        (slot, sequence, last) -> {
          QuoteDecoder quote = new QuoteDecoder();
          quote.wrapAndApplyHeader(
              slot.buffer(), slot.offset(), new io.semnal.protocol.sbe.MessageHeaderDecoder());
          seen.add(quote.journalSeq() + "@" + quote.time() / SECOND + " bid " + quote.bid());
          return true;
        });
    assertThat(journaled).containsExactly("3:42@7");
    assertThat(seen).containsExactly("42@7 bid 101");
  }

  @Test
  void queueKeepsOrderAndWaitsForRoom() throws Exception {
    Ingress ingress = ingress(EngineTime.source());
    IngressQueue queue = new IngressQueue(1 << 14, ingress, () -> {});
    for (int i = 1; i <= 12; i++) {
      assertThat(queue.offer(buffer, 0, quote(1, i, i))).isTrue();
    }
    assertThat(queue.drain()).isEqualTo(8);
    assertThat(queue.drain()).isZero();
    consumer.poll((slot, sequence, last) -> true);
    queue.drain();
    assertThat(journaled).hasSize(12);
    for (int i = 1; i <= 12; i++) {
      assertThat(journaled.get(i - 1)).isEqualTo("3:" + i + "@" + i);
    }
  }

  private EngineTime wall() {
    return EngineTime.wall(
        new WallClock(() -> system, () -> system, metrics.counter("jumps", "")), 2 * SECOND);
  }

  private Ingress ingress(EngineTime time) {
    return new Ingress(ring, log, time, sources, metrics, 1, SECOND / 10);
  }

  private boolean offer(Ingress ingress, int source, long seq, long seconds) {
    return ingress.offer(buffer, 0, quote(source, seq, seconds));
  }

  private int quote(int source, long seq, long seconds) {
    new QuoteEncoder()
        .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
        .journalSeq(0)
        .time(0)
        .eventTime(seconds * SECOND)
        .receiveTime(MessageLayout.ABSENT)
        .sourceSeq(seq)
        .bid(101)
        .ask(102)
        .bidSize(MessageLayout.ABSENT)
        .askSize(MessageLayout.ABSENT)
        .sourceId(source)
        .instrumentId(1)
        .flags()
        .clear();
    return MessageLayout.HEADER + QuoteEncoder.BLOCK_LENGTH;
  }
}
