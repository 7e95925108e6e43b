package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.session.ResumeToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A day in two runs of the server, and a client that filters, is started fifty times, and keeps
 * nothing but its token in a file: the union of what it saw is the journal, filtered, each once.
 */
class FiftyResumesTest {
  private static final int RESUMES = 50;
  private static final int EARLIER = 10_000;

  @TempDir private Path folder;
  private final Outbound journal = new Outbound();
  private final Random random = new Random(23);
  private final List<Long> seen = new ArrayList<>();

  private byte[] message() {
    return switch ((int) (journal.head() % 7)) {
      case 0 -> journal.signal();
      case 1, 2 -> journal.bar();
      case 3 -> journal.score(0.5);
      default -> journal.event(0);
    };
  }

  @ParameterizedTest
  @EnumSource
  void theUnionIsTheJournalEachOnce(Way way) throws Exception {
    for (int i = 0; i < EARLIER; i++) {
      message();
    }
    Path token = folder.resolve("token");
    Files.writeString(token, "1:0");
    for (int run = 0; run < 2; run++) {
      try (GatewayRig rig = new GatewayRig(journal, 0, 0);
          Traffic traffic = new Traffic(rig)) {
        traffic.start();
        for (int i = 0; i < RESUMES / 2; i++) {
          someOfIt(way, rig, token, 1 + random.nextInt(i % 4 == 0 ? 900 : 40));
        }
      }
    }
    ResumeToken last = ResumeToken.parse(Files.readString(token));
    assertThat(seen).isEqualTo(expected(last.outSeq()));
    assertThat(seen).hasSizeGreaterThan(RESUMES);
  }

  /** A client's life: what is past the token that it kept, it has not seen. */
  private void someOfIt(Way way, GatewayRig rig, Path file, int count) throws Exception {
    Collected part = new Collected();
    try (SemnalClient client = new SemnalClient(way.options(rig), part)) {
      client.connect();
      client.subscribe(
          Subscription.to(Channel.SIGNALS, Channel.BARS)
              .withInstruments(List.of("EURUSD"))
              .resumingAfter(ResumeToken.parse(Files.readString(file))));
      Polling.until(
          client,
          () -> part.outSeqs.size() + " of " + count + " came",
          () -> part.outSeqs.size() >= count);
      Files.writeString(file, client.token().toString());
      assertThat(part.gaps).isZero();
      assertThat(part.errors).isEmpty();
      assertThat(part.outSeqs.getLast()).isEqualTo(client.token().outSeq());
    }
    seen.addAll(part.outSeqs);
  }

  private List<Long> expected(long last) {
    List<Long> expected = new ArrayList<>();
    for (byte[] bytes : journal.messages()) {
      UnsafeBuffer message = new UnsafeBuffer(bytes);
      int channel = Channel.of(MessageLayout.templateId(message, 0));
      long outSeq = MessageLayout.outSeq(message, 0);
      if (outSeq <= last
          && (channel == Channel.SIGNALS.ordinal() || channel == Channel.BARS.ordinal())
          && MessageLayout.instrumentId(message, 0) == 1) {
        expected.add(outSeq);
      }
    }
    return expected;
  }

  /** The day goes on meanwhile. */
  private final class Traffic implements AutoCloseable {
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final GatewayRig rig;
    private final Thread thread = new Thread(this::publish, "traffic");

    Traffic(GatewayRig rig) {
      this.rig = rig;
    }

    void start() {
      thread.start();
    }

    private void publish() {
      while (running.get()) {
        for (int i = 0; i < 8; i++) {
          rig.publish(message());
        }
        LockSupport.parkNanos(500_000);
      }
    }

    @Override
    public void close() {
      running.set(false);
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
