package io.semnal.gateway.aeron;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.ReservedValueSupplier;
import io.aeron.logbuffer.BufferClaim;
import io.semnal.core.agent.OutboundHandler;
import io.semnal.core.config.AeronConfig;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.protocol.AeronFrame;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.HeartbeatEncoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Offers the outbound stream to an Aeron publication: never waits, allocates nothing.
 *
 * <p>What has no room is dropped for Aeron alone and counted. Each frame names the one before it
 * ({@link AeronFrame}), dropped or not, so that a subscriber sees what it misses, and asks the
 * session protocol for it. A Heartbeat tells the epoch: now and then, and before a new epoch's
 * first message. One thread.
 */
public final class AeronPublisher implements OutboundHandler, AutoCloseable {
  /** Tries where a term ends, which takes one; more would be waiting. */
  private static final int ROTATIONS = 3;

  private final ExclusivePublication publication;
  private final int channels;
  private final long heartbeatNanos;
  private final BufferClaim claim = new BufferClaim();
  private final UnsafeBuffer heartbeat =
      new UnsafeBuffer(new byte[MessageLayout.HEADER + HeartbeatEncoder.BLOCK_LENGTH]);
  private final HeartbeatEncoder encoder = new HeartbeatEncoder();
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final DiscontinuityDecoder discontinuity = new DiscontinuityDecoder();
  private final MessageHeaderDecoder decoder = new MessageHeaderDecoder();
  private final ReservedValueSupplier reserved = (buffer, offset, length) -> reserved();
  private final Counter published;
  private final Counter noRoom;
  private final Counter noSubscriber;
  private final Counter tooLong;
  private long epoch;
  private long head;
  private long previous;
  private long time = MessageLayout.ABSENT;
  private long heartbeatAt;
  private boolean heartbeatDue = true;
  private boolean connected;

  /**
   * @param epoch of the stream so far
   * @param head {@code outSeq} of the last message so far
   */
  public AeronPublisher(
      ExclusivePublication publication,
      AeronConfig.Publish config,
      long epoch,
      long head,
      Metrics metrics) {
    this.publication = publication;
    this.epoch = epoch;
    this.head = head;
    channels = config.channels();
    heartbeatNanos = config.heartbeat().toNanos();
    previous = head;
    published = metrics.counter("aeron_published_total", "Messages taken by Aeron");
    noRoom = dropped(metrics, "no_room");
    noSubscriber = dropped(metrics, "no_subscriber");
    tooLong = dropped(metrics, "too_long");
  }

  private static Counter dropped(Metrics metrics, String reason) {
    return metrics.counter(
        "aeron_dropped_total{reason=\"" + reason + "\"}", "Messages not sent over Aeron");
  }

  @Override
  public void onOutbound(DirectBuffer buffer, int offset, int length, long originNanos) {
    int template = MessageLayout.templateId(buffer, offset);
    head = MessageLayout.outSeq(buffer, offset);
    time = MessageLayout.outboundTime(buffer, offset);
    if (template == DiscontinuityDecoder.TEMPLATE_ID) {
      epoch = discontinuity.wrapAndApplyHeader(buffer, offset, decoder).epoch();
      heartbeatDue = !heartbeat();
    }
    int channel = Channel.of(template);
    if (channel == Channel.DEFINITIONS) {
      count(send(buffer, offset, length));
    } else if (channel >= 0 && (channels & 1 << channel) != 0) {
      count(send(buffer, offset, length));
      previous = head;
    }
  }

  @Override
  public void onBatchEnd() {
    // Sent already.
  }

  @Override
  public boolean isServing() {
    return publication.isConnected();
  }

  /**
   * Tells the epoch where that is due.
   *
   * @param now {@link System#nanoTime()}
   * @return messages sent
   */
  public int doWork(long now) {
    boolean isConnected = publication.isConnected();
    if (isConnected != connected) {
      connected = isConnected;
      heartbeatDue = true;
    }
    if (!connected || !heartbeatDue && now - heartbeatAt < heartbeatNanos) {
      return 0;
    }
    heartbeatAt = now;
    heartbeatDue = !heartbeat();
    return heartbeatDue ? 0 : 1;
  }

  private boolean heartbeat() {
    encoder.wrapAndApplyHeader(heartbeat, 0, header).epoch(epoch).headOutSeq(head).time(time);
    return send(heartbeat, 0, heartbeat.capacity()) > 0;
  }

  /** Aeron's answer; a position above zero is success. */
  private long send(DirectBuffer buffer, int offset, int length) {
    if (length > publication.maxMessageLength()) {
      return Long.MIN_VALUE;
    }
    long position = Publication.ADMIN_ACTION;
    for (int i = 0; i < ROTATIONS && position == Publication.ADMIN_ACTION; i++) {
      position =
          length > publication.maxPayloadLength()
              ? publication.offer(buffer, offset, length, reserved)
              : claim(buffer, offset, length);
    }
    if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
      throw new IllegalStateException(
          "the Aeron publication ended: " + Publication.errorString(position));
    }
    return position;
  }

  private long claim(DirectBuffer buffer, int offset, int length) {
    long position = publication.tryClaim(length, claim);
    if (position > 0) {
      claim.putBytes(buffer, offset, length);
      claim.reservedValue(reserved()).commit();
    }
    return position;
  }

  private long reserved() {
    return AeronFrame.reserved(channels, previous);
  }

  private void count(long position) {
    if (position > 0) {
      published.incrementOwned();
    } else if (position == Publication.NOT_CONNECTED) {
      noSubscriber.incrementOwned();
    } else if (position == Long.MIN_VALUE) {
      tooLong.incrementOwned();
    } else {
      noRoom.incrementOwned();
    }
  }

  /** Ends the publication: subscribers see that it is gone. */
  @Override
  public void close() {
    publication.close();
  }
}
