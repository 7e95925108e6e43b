package io.semnal.gateway;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.Header;
import io.semnal.core.config.AeronConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.aeron.AeronPublisher;
import io.semnal.gateway.aeron.EmbeddedDriver;
import io.semnal.protocol.AeronFrame;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/** A real driver, a publisher and its subscribers, all on the thread of the test. */
final class AeronRig implements AutoCloseable {
  static final int STREAM = 1001;
  static final int ALL = 0b10111;
  static final int TERM = 1 << 20;

  final Metrics metrics = new Metrics();
  final EmbeddedDriver driver;
  final AeronPublisher publisher;
  private long now;

  AeronRig(Path directory, String channel, int channels, long head, NanoClock clock) {
    driver = new EmbeddedDriver(directory, TERM, clock, metrics);
    publisher =
        new AeronPublisher(
            driver.publication(channel, STREAM),
            new AeronConfig.Publish(true, channel, STREAM, channels, Duration.ofSeconds(1)),
            7,
            head,
            metrics);
  }

  void publish(byte[] message) {
    publisher.onOutbound(new UnsafeBuffer(message), 0, message.length, 0);
  }

  void turn() {
    driver.doWork();
  }

  /** A heartbeat is due. */
  void beat() {
    now += 2_000_000_000L;
    publisher.doWork(now);
  }

  /** Turns until the publication has subscribers. */
  void connected(Subscriber... subscribers) {
    for (Subscriber subscriber : subscribers) {
      Await.until(
          "a subscription that stands",
          () -> {
            turn();
            return subscriber.subscription.isConnected() && publisher.isServing();
          });
    }
  }

  Subscriber subscribe(String channel) {
    return new Subscriber(driver.subscription(channel, STREAM));
  }

  long dropped(String reason) {
    return metrics.counter("aeron_dropped_total{reason=\"" + reason + "\"}", "").get();
  }

  long published() {
    return metrics.counter("aeron_published_total", "").get();
  }

  @Override
  public void close() {
    driver.close();
  }

  /** What one subscriber sees. */
  static final class Subscriber {
    final Subscription subscription;
    final List<byte[]> messages = new ArrayList<>();
    final List<Long> previous = new ArrayList<>();
    final List<String> heartbeats = new ArrayList<>();
    private final FragmentAssembler assembler = new FragmentAssembler(this::onFragment);

    Subscriber(Subscription subscription) {
      this.subscription = subscription;
    }

    int poll() {
      return subscription.poll(assembler, 1_000);
    }

    private void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
      long reserved = header.reservedValue();
      if (MessageLayout.templateId(buffer, offset) == HeartbeatDecoder.TEMPLATE_ID) {
        HeartbeatDecoder h = new HeartbeatDecoder();
        h.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
        heartbeats.add(
            h.epoch()
                + ":"
                + h.headOutSeq()
                + " after "
                + AeronFrame.previousOutSeq(reserved)
                + " of "
                + AeronFrame.channels(reserved));
        return;
      }
      byte[] bytes = new byte[length];
      buffer.getBytes(offset, bytes);
      messages.add(bytes);
      previous.add(AeronFrame.previousOutSeq(reserved));
    }

    List<Long> outSeqs() {
      return messages.stream().map(m -> MessageLayout.outSeq(new UnsafeBuffer(m), 0)).toList();
    }
  }
}
