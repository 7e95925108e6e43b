package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.EventPoller;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import io.semnal.gateway.Wanted;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.BarEncoder;
import io.semnal.protocol.sbe.ClockEncoder;
import io.semnal.protocol.sbe.InstrumentDefinitionEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.ScoreEncoder;
import io.semnal.protocol.sbe.SignalEncoder;
import io.semnal.protocol.sbe.SignalEventEncoder;
import org.junit.jupiter.api.Test;

class EdgeWakerTest {
  private static final int SLOTS = 256;

  private final MessageRing inbound = new MessageRing(SLOTS, 64);
  private final MessageRing outbound = new MessageRing(SLOTS, 64);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private int wanted;
  private int wakes;
  private final EdgeWaker waker = new EdgeWaker(inbound, outbound, () -> wanted, () -> wakes++);

  @Test
  void ticksAndScoresWakeNobodyWhereOnlySignalsAreSubscribed() {
    wanted = Channel.SIGNALS.bit() | 1 << Channel.DEFINITIONS;
    for (int i = 0; i < 20; i++) {
      publish(inbound, QuoteEncoder.TEMPLATE_ID);
      publish(inbound, ClockEncoder.TEMPLATE_ID);
      publish(outbound, ScoreEncoder.TEMPLATE_ID);
      publish(outbound, BarEncoder.TEMPLATE_ID);
      waker.doWork();
    }
    assertThat(wakes).isZero();
    for (int template :
        new int[] {
          SignalEncoder.TEMPLATE_ID,
          SignalEventEncoder.TEMPLATE_ID,
          InstrumentDefinitionEncoder.TEMPLATE_ID
        }) {
      publish(outbound, ScoreEncoder.TEMPLATE_ID);
      publish(outbound, template);
      publish(outbound, ScoreEncoder.TEMPLATE_ID);
      wakes = 0;
      waker.doWork();
      assertThat(wakes).as("template %d", template).isOne();
      waker.doWork();
      assertThat(wakes).as("again for nothing new").isOne();
    }
  }

  @Test
  void quotesWakeForTheirViewers() {
    wanted = Channel.QUOTES.bit();
    publish(outbound, ScoreEncoder.TEMPLATE_ID);
    waker.doWork();
    assertThat(wakes).isZero();
    publish(inbound, QuoteEncoder.TEMPLATE_ID);
    waker.doWork();
    assertThat(wakes).isOne();
  }

  @Test
  void everythingWakesWhereEverythingIsWaitedFor() {
    wanted = Wanted.ALL;
    publish(inbound, ClockEncoder.TEMPLATE_ID);
    waker.doWork();
    assertThat(wakes).isOne();
  }

  @Test
  void nothingIsPassedOverInALongBatch() {
    wanted = Channel.SIGNALS.bit();
    publish(outbound, SignalEncoder.TEMPLATE_ID);
    for (int i = 0; i < SLOTS / 2; i++) {
      publish(outbound, ScoreEncoder.TEMPLATE_ID);
    }
    waker.doWork();
    assertThat(wakes).isOne();
  }

  @Test
  void aRingThatFillsUpWakesWithoutAnybody() {
    EventPoller<Slot> edge = outbound.poller(true);
    for (int i = 0; i <= SLOTS / 4; i++) {
      assertThat(wakes).isZero();
      publish(outbound, ScoreEncoder.TEMPLATE_ID);
      waker.doWork();
    }
    assertThat(wakes).isOne();
    outbound.remove(edge);
  }

  private void publish(MessageRing ring, int template) {
    long sequence = ring.next();
    Slot slot = ring.get(sequence);
    header.wrap(slot.buffer(), slot.offset()).templateId(template);
    ring.publish(sequence);
  }
}
