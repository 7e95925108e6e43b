package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames that several connections hold instead of copies: each gets the bytes that were written to
 * it, in order, however late it takes them, and nobody holds them afterwards.
 */
class SharedFrameTest {
  private static final int CONNECTIONS = 4;
  private static final int MESSAGES = 400;

  private final Outbound outbound = new Outbound();
  private final MessageFrames shared = new MessageFrames(new Directory());
  private final MessageFrames own = new MessageFrames(new Directory());

  /** One connection, what was written to it, and the buffers that it came in. */
  private static final class Connection {
    final EmbeddedChannel channel = new EmbeddedChannel();
    final ChannelOutput output = new ChannelOutput(channel, Encoding.SBE_TCP, 5_000_000_000L);
    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    final List<ByteBuf> buffers = new ArrayList<>();

    void expect(byte[] message) {
      written.writeBytes(
          ByteBuffer.allocate(6 + message.length)
              .putInt(6 + message.length)
              .putShort((short) 0xEB50)
              .put(message)
              .array());
    }

    void take() {
      for (ByteBuf buffer = channel.readOutbound();
          buffer != null;
          buffer = channel.readOutbound()) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        taken.writeBytes(bytes);
        buffers.add(buffer);
        if (buffer.unwrap() != null) {
          buffers.add(buffer.unwrap());
        }
        buffer.release();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void eachConnectionGetsItsBytesInOrderHoweverLate(long seed) {
    Random random = new Random(seed);
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(new Connection());
    }
    for (int seq = 1; seq <= MESSAGES; seq++) {
      byte[] message =
          random.nextBoolean()
              ? outbound.bar(seq, 1, 60)
              : outbound.signal(seq, 1, 1, new byte[random.nextInt(800)]);
      shared.begin(new UnsafeBuffer(message), 0, message.length);
      for (Connection each : connections) {
        write(each, message, random);
      }
      shared.end();
      for (Connection each : connections) {
        if (random.nextInt(3) > 0) {
          each.output.flush();
        }
        if (random.nextInt(50) == 0) {
          each.take();
        }
      }
    }
    for (Connection each : connections) {
      long waiting = each.written.size() - bytesOut(each);
      assertThat(each.output.pendingBytes()).isEqualTo(waiting);
      each.output.flush();
      each.take();
      assertThat(each.taken.toByteArray()).isEqualTo(each.written.toByteArray());
    }
    // Wrappers are used again and again: none may be in use when everything was taken.
    for (Connection each : connections) {
      assertThat(each.buffers).isNotEmpty().allMatch(buffer -> buffer.refCnt() == 0);
    }
  }

  private void write(Connection to, byte[] message, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> {
        // Not for this one.
      }
      case 1 -> {
        own.begin(new UnsafeBuffer(message), 0, message.length);
        own.writeTo(to.output, true);
        to.expect(message);
      }
      default -> {
        shared.shareTo(to.output, true, random.nextInt(4) == 0);
        to.expect(message);
      }
    }
  }

  private static long bytesOut(Connection of) {
    long waiting =
        of.channel.outboundMessages().stream()
            .mapToLong(each -> ((ByteBuf) each).readableBytes())
            .sum();
    return of.taken.size() + waiting;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAClosedConnectionDidNotTakeIsLetGo(boolean alone) {
    Connection one = new Connection();
    Connection other = new Connection();
    byte[] message = outbound.bar(1, 1, 60);
    shared.begin(new UnsafeBuffer(message), 0, message.length);
    for (int i = 0; i < (alone ? 1 : 2); i++) {
      shared.shareTo(one.output, false, false);
      shared.shareTo(other.output, false, false);
      other.expect(message);
    }
    shared.end();
    one.output.release();
    other.output.flush();
    other.take();
    assertThat(one.output.pendingBytes()).isZero();
    assertThat(other.taken.toByteArray()).isEqualTo(other.written.toByteArray());
    assertThat(other.buffers).isNotEmpty().allMatch(buffer -> buffer.refCnt() == 0);
  }
}
