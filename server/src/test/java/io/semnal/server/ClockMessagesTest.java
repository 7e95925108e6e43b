package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.OutboundSink;
import io.semnal.inference.engine.SignalEngine;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.RunHeaders;
import io.semnal.journal.RunInfo;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ClockEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where time is told without a quote changes nothing: recorded ticks with Clock messages put in at
 * random give the bars, scores and signals of the ticks alone.
 */
class ClockMessagesTest {
  private static final int CAUSE = MessageLayout.HEADER + Long.BYTES;

  private static final long MINUTE = 60_000_000_000L;

  @TempDir private Path folder;

  @Test
  void changeNoBarScoreOrSignal() throws IOException {
    ServerSetup setup = new ServerSetup(folder, "strategies.core-1m.trigger = tick");
    setup.imported(RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 5));
    Path journal = folder.resolve("imported");
    List<Message> alone = new ArrayList<>(JournalView.inbound(journal, t -> true));
    List<Message> expected = said(journal, alone);
    assertEquals(
        JournalView.outbound(journal, t -> true).size(), expected.size(), "what was published");
    assertTrue(
        expected.stream().filter(m -> m.template() == SignalDecoder.TEMPLATE_ID).count() > 100);
    for (long seed = 1; seed <= 2; seed++) {
      List<Message> clocked = withClocks(alone, new Random(seed));
      assertTrue(
          clocked.size() > alone.size() * 5 / 4, "clocks: " + (clocked.size() - alone.size()));
      List<Message> said = said(journal, clocked);
      assertEquals(expected.size(), said.size());
      for (int i = 0; i < said.size(); i++) {
        assertArrayEquals(
            withoutCause(expected.get(i)),
            withoutCause(said.get(i)),
            "message " + (i + 1) + ", seed " + seed);
      }
    }
  }

  /** Zero to three Clocks between two messages, anywhere between their times, ends included. */
  private static List<Message> withClocks(List<Message> alone, Random random) {
    List<Message> all = new ArrayList<>();
    long seq = 0;
    long time = 0;
    for (Message message : alone) {
      long next = MessageLayout.inboundTime(message.buffer(), 0);
      for (int n = time == 0 || random.nextInt(4) > 0 ? 0 : random.nextInt(4); n > 0; n--) {
        time = between(time, next, random);
        UnsafeBuffer clock =
            new UnsafeBuffer(new byte[MessageLayout.HEADER + ClockEncoder.BLOCK_LENGTH]);
        new ClockEncoder().wrapAndApplyHeader(clock, 0, new MessageHeaderEncoder());
        MessageLayout.stamp(clock, 0, ++seq, time);
        all.add(new Message(clock));
      }
      UnsafeBuffer copy = new UnsafeBuffer(message.bytes().clone());
      MessageLayout.stamp(copy, 0, ++seq, next);
      all.add(new Message(copy));
      time = next;
    }
    return all;
  }

  /** Half of them on the stroke of a minute where there is one. */
  private static long between(long time, long next, Random random) {
    long at = time + random.nextLong(next - time + 1);
    long stroke = at - Math.floorMod(at, MINUTE);
    return stroke >= time && random.nextBoolean() ? stroke : at;
  }

  private static byte[] withoutCause(Message message) {
    byte[] bytes = message.bytes().clone();
    new UnsafeBuffer(bytes).putLong(CAUSE, 0, ByteOrder.LITTLE_ENDIAN);
    return bytes;
  }

  /** What a new engine, made from the run's header, says of these messages. */
  private static List<Message> said(Path journal, List<Message> inbound) {
    Collector said = new Collector();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal)) {
      RunInfo run = RunHeaders.decode(inbound.getFirst().buffer(), 0);
      Engine engine = JournalEngines.of(directory).create(run.engineText(), run.models(), said);
      try (SignalEngine closed = (SignalEngine) engine) {
        for (Message message : inbound) {
          closed.onMessage(message.buffer(), 0, message.buffer().capacity());
        }
      }
    }
    return said.messages;
  }

  private static final class Collector implements OutboundSink {
    private final List<Message> messages = new ArrayList<>();
    private UnsafeBuffer buffer;

    @Override
    public MutableDirectBuffer claim(int maxLength) {
      buffer = new UnsafeBuffer(new byte[maxLength]);
      return buffer;
    }

    @Override
    public int offset() {
      return 0;
    }

    @Override
    public void commit(int length) {
      byte[] bytes = new byte[length];
      buffer.getBytes(0, bytes);
      messages.add(new Message(new UnsafeBuffer(bytes)));
    }
  }
}
