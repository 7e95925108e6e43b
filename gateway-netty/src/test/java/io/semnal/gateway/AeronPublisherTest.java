package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.AeronRig.Subscriber;
import io.semnal.gateway.aeron.EmbeddedDriver;
import io.semnal.protocol.sbe.DiscontinuityEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.testing.Await;
import io.semnal.testing.StandingPort;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeronPublisherTest {
  private static final String IPC = "aeron:ipc";
  private static final int MESSAGES = 20_000;
  private static final int TURNS = 1_000;

  @TempDir private Path folder;
  private final Outbound outbound = new Outbound();
  private long clock = 1;

  private Path directory() {
    return folder.resolve("driver");
  }

  private static String udp() throws Exception {
    return "aeron:udp?endpoint=127.0.0.1:" + StandingPort.udp();
  }

  private byte[] discontinuity(long outSeq, long epoch, int reason) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[reason + 200]);
    DiscontinuityEncoder e =
        new DiscontinuityEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    e.outSeq(outSeq).causeSeq(1).streamSeq(1).time(1).instrumentId(0).timeframe(0).strategyId(0);
    e.epoch(epoch).lostFrom(0).lostTo(0).reason("x".repeat(reason));
    byte[] bytes = new byte[8 + e.encodedLength()];
    buffer.getBytes(0, bytes);
    return bytes;
  }

  private List<byte[]> journal() {
    List<byte[]> journal = new ArrayList<>();
    for (long outSeq = 1; outSeq <= MESSAGES; outSeq++) {
      journal.add(
          switch ((int) (outSeq % 5)) {
            case 0 -> outbound.instrument(outSeq, 1, "EURUSD", 5);
            // Longer than a packet: in fragments.
            case 1 -> discontinuity(outSeq, 7, outSeq % 100 == 1 ? 4_000 : 10);
            default -> outbound.bar(outSeq, 1, 60);
          });
    }
    return journal;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSubscriberReceivesTheJournalEachMessageOnce(boolean ipc) throws Exception {
    String channel = ipc ? IPC : udp();
    List<byte[]> journal = journal();
    try (AeronRig rig = new AeronRig(directory(), channel, AeronRig.ALL, 0, System::nanoTime)) {
      Subscriber subscriber = rig.subscribe(channel);
      rig.connected(subscriber);
      for (byte[] message : journal) {
        rig.publish(message);
        rig.turn();
        // A subscriber that keeps up: nothing is dropped however slow the machine is.
        if (rig.published() > subscriber.messages.size()) {
          Await.until(
              () -> subscriber.messages.size() + " of " + rig.published(),
              () -> {
                rig.turn();
                subscriber.poll();
                return rig.published() == subscriber.messages.size();
              });
        }
      }
      assertThat(subscriber.messages)
          .usingElementComparator(java.util.Arrays::compare)
          .isEqualTo(journal);
      long expected = 0;
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(subscriber.previous.get(i)).isEqualTo(expected);
        expected = (i + 1) % 5 == 0 ? expected : i + 1;
      }
      assertThat(rig.published()).isEqualTo(MESSAGES);
      assertThat(rig.dropped("no_room") + rig.dropped("no_subscriber")).isZero();
    }
  }

  @Test
  void aSubscriberThatStallsIsLetGoAndTheOthersMissNothing() {
    try (AeronRig rig = new AeronRig(directory(), IPC, AeronRig.ALL, 0, () -> clock)) {
      Subscriber healthy = rig.subscribe(IPC);
      Subscriber stalled = rig.subscribe(IPC);
      rig.connected(healthy, stalled);
      publishFivePerMilli(rig, healthy);
      assertThat(rig.dropped("no_room")).isZero();
      assertThat(healthy.outSeqs()).isEqualTo(LongStream.rangeClosed(1, MESSAGES).boxed().toList());
      assertThat(stalled.subscription.isConnected()).isFalse();
    }
  }

  /** What the test before would see without the driver letting go. */
  @Test
  void whoInsistsOnBeingWaitedForCostsTheOthersMessagesThatTheCounterTells() {
    try (AeronRig rig = new AeronRig(directory(), IPC, AeronRig.ALL, 0, () -> clock)) {
      Subscriber healthy = rig.subscribe(IPC);
      Subscriber stalled = rig.subscribe(IPC + "?tether=true");
      rig.connected(healthy, stalled);
      publishFivePerMilli(rig, healthy);
      assertThat(rig.dropped("no_room")).isPositive();
      assertThat(rig.dropped("no_room") + healthy.messages.size()).isEqualTo(MESSAGES);
      while (stalled.poll() > 0) {
        rig.turn();
      }
      rig.turn();
      rig.publish(outbound.bar(MESSAGES + 1, 1, 60));
      rig.turn();
      healthy.poll();
      // The hole shows in the next frame: what came before it is not what was seen.
      assertThat(healthy.outSeqs().getLast()).isEqualTo(MESSAGES + 1);
      assertThat(healthy.previous.getLast()).isEqualTo(MESSAGES);
      assertThat(healthy.outSeqs().get(healthy.messages.size() - 2)).isLessThan(MESSAGES);
    }
  }

  private void publishFivePerMilli(AeronRig rig, Subscriber healthy) {
    for (long outSeq = 1; outSeq <= MESSAGES; outSeq++) {
      rig.publish(outbound.bar(outSeq, 1, 60));
      if (outSeq % 5 == 0) {
        clock += 1_000_000;
        rig.turn();
        healthy.poll();
      }
    }
  }

  @Test
  void withoutSubscribersMessagesAreCountedAndTheFirstSubscriberIsToldWhereTheStreamIs() {
    try (AeronRig rig = new AeronRig(directory(), IPC, 0b00101, 40, System::nanoTime)) {
      rig.publish(outbound.bar(41, 1, 60));
      rig.publish(outbound.bar(42, 1, 60));
      rig.beat();
      assertThat(rig.dropped("no_subscriber")).isEqualTo(2);
      Subscriber late = rig.subscribe(IPC);
      rig.connected(late);
      rig.beat();
      late.poll();
      assertThat(late.heartbeats).containsExactly("7:42 after 42 of 5");
      assertThat(late.messages).isEmpty();
    }
  }

  @Test
  void onlyTheChosenChannelsAndDefinitionsGoOut() {
    try (AeronRig rig = new AeronRig(directory(), IPC, 0b00001, 40, System::nanoTime)) {
      Subscriber subscriber = rig.subscribe(IPC);
      rig.connected(subscriber);
      rig.publish(outbound.bar(41, 1, 60));
      rig.publish(outbound.instrument(42, 1, "EURUSD", 5));
      rig.publish(outbound.bar(43, 1, 60));
      rig.beat();
      subscriber.poll();
      assertThat(subscriber.outSeqs()).containsExactly(42L);
      assertThat(subscriber.previous).containsExactly(40L);
      assertThat(subscriber.heartbeats).containsExactly("7:43 after 40 of 1");
    }
  }

  @Test
  void aNewEpochIsToldBeforeItsFirstMessage() {
    try (AeronRig rig = new AeronRig(directory(), IPC, AeronRig.ALL, 5, System::nanoTime)) {
      Subscriber subscriber = rig.subscribe(IPC);
      rig.connected(subscriber);
      rig.publish(discontinuity(6, 8, 10));
      subscriber.poll();
      assertThat(subscriber.heartbeats).containsExactly("8:6 after 5 of 23");
      assertThat(subscriber.outSeqs()).containsExactly(6L);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publishingAllocatesNothing(boolean ipc) throws Exception {
    String channel = ipc ? IPC : udp();
    try (AeronRig rig = new AeronRig(directory(), channel, AeronRig.ALL, 0, System::nanoTime)) {
      Subscriber subscriber = rig.subscribe(channel);
      rig.connected(subscriber);
      UnsafeBuffer message = new UnsafeBuffer(outbound.bar(1, 1, 60));
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      int publishing = 0;
      long driving = 0;
      // The second round is judged: the first loads classes.
      for (int round = 0; round < 2; round++) {
        publishing = 0;
        driving = 0;
        for (int i = 0; i < TURNS; i++) {
          long before = threads.getCurrentThreadAllocatedBytes();
          for (int j = 0; j < 10; j++) {
            rig.publisher.onOutbound(message, 0, message.capacity(), 0);
          }
          rig.publisher.onBatchEnd();
          rig.publisher.doWork((round * TURNS + i) * 100_000_000L);
          long between = threads.getCurrentThreadAllocatedBytes();
          rig.turn();
          publishing += between > before ? 1 : 0;
          driving += threads.getCurrentThreadAllocatedBytes() - between;
          subscriber.poll();
          subscriber.messages.clear();
        }
      }
      System.out.printf(
          "%s: %d of %d turns allocated, %.1f bytes a turn of the driver%n",
          channel, publishing, TURNS, (double) driving / TURNS);
      // The virtual machine itself allocates once or twice when it compiles what runs; interpreted
      // it is none. What allocates by the message does so in every turn.
      assertThat(publishing).isLessThanOrEqualTo(TURNS / 100);
      assertThat(rig.published()).isPositive();
    }
  }

  @Test
  void twoServersDoNotShareADirectoryAndItIsGoneAfterwards() {
    Metrics metrics = new Metrics();
    try (EmbeddedDriver first =
        new EmbeddedDriver(directory(), AeronRig.TERM, System::nanoTime, metrics)) {
      assertThat(first.directory()).isEqualTo(directory().toString());
      assertThatThrownBy(
              () -> new EmbeddedDriver(directory(), AeronRig.TERM, System::nanoTime, metrics))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("aeron.directory " + directory() + " belongs to another server that runs");
      assertThat(directory()).exists();
    }
    assertThat(Files.exists(directory())).isFalse();
    try (EmbeddedDriver again =
        new EmbeddedDriver(directory(), AeronRig.TERM, System::nanoTime, metrics)) {
      assertThat(again.doWork()).isNotNegative();
    }
  }

  @Test
  void aChannelThatCannotBeOpenedIsNamed() {
    try (EmbeddedDriver driver =
        new EmbeddedDriver(directory(), AeronRig.TERM, System::nanoTime, new Metrics())) {
      assertThatThrownBy(() -> driver.subscription("aeron:udp?endpoint=203.0.113.9:7105", 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(
              "the Aeron channel aeron:udp?endpoint=203.0.113.9:7105 cannot be opened");
    }
  }
}
