package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.FeedAckDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.session.Frames;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a feed was told is journaled is there after a SIGKILL that follows at once. {@link
 * CrashTest} cannot see this: its feed still has every tick, and sends again what is missing.
 */
class AcknowledgedTicksTest {
  private static final int RATE = 50_000;
  private static final int KILLS = 3;
  private static final int TICKS_A_LIFE = 8_000;

  @TempDir private Path folder;

  @Test
  void areInTheJournalOfAKilledServer() throws Exception {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 2);
    ServerSetup setup = new ServerSetup(folder);
    SemnalProcess server = setup.start();
    try (AckTap tap = new AckTap(setup.feedPort());
        SemnalProcess feed = setup.feedTo(tap.port(), RATE, files)) {
      long acknowledged = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        acknowledged = tap.awaitMoreThan(acknowledged + TICKS_A_LIFE, feed);
        assertThat(server.isAlive()).as(server.output()).isTrue();
        server.kill();
        acknowledged = tap.latestOfTheDead();
        assertThat(lastJournaled(setup.journal())).isGreaterThanOrEqualTo(acknowledged);
        server = setup.start();
      }
      assertThat(feed.await(ServerSetup.PATIENCE)).as(feed.output()).isZero();
      assertThat(server.stop()).as(server.output()).isZero();
      assertThat(JournalProof.standsOnce(setup.journal(), files)).isEqualTo(tap.latest());
    } finally {
      server.close();
    }
  }

  private static long lastJournaled(Path journal) {
    Message last = JournalView.inbound(journal, t -> t == QuoteDecoder.TEMPLATE_ID).getLast();
    return new QuoteDecoder()
        .wrapAndApplyHeader(last.buffer(), 0, new MessageHeaderDecoder())
        .sourceSeq();
  }

  /** Stands between feed and server, and reads what the server acknowledges. */
  private static final class AckTap implements AutoCloseable {
    private static final int LONGEST = 1 << 20;

    private final int serverPort;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Long> acknowledged = new LinkedBlockingQueue<>();
    private volatile long latest;
    private volatile Thread reading;

    AckTap(int serverPort) throws IOException {
      this.serverPort = serverPort;
      Thread.ofVirtual().start(this::accept);
    }

    int port() {
      return listener.getLocalPort();
    }

    long latest() {
      return latest;
    }

    /** With what was still on its way from a server that was killed. */
    long latestOfTheDead() throws InterruptedException {
      assertThat(reading.join(ServerSetup.PATIENCE)).isTrue();
      return latest;
    }

    long awaitMoreThan(long sequence, SemnalProcess feed) throws InterruptedException {
      long found = 0;
      while (found <= sequence) {
        Long next = acknowledged.poll(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as(feed.output()).isNotNull();
        found = next;
      }
      return found;
    }

    private void accept() {
      while (!listener.isClosed()) {
        try {
          Socket feed = listener.accept();
          connect(feed);
        } catch (IOException e) {
          // Closed at the test's end.
          return;
        }
      }
    }

    private void connect(Socket feed) throws IOException {
      try {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        Thread.ofVirtual().start(() -> pass(feed, server, false));
        reading = Thread.ofVirtual().start(() -> pass(server, feed, true));
      } catch (IOException e) {
        // No server for the moment: the feed tries again.
        feed.close();
      }
    }

    private void pass(Socket from, Socket to, boolean looks) {
      byte[] bytes = new byte[LONGEST];
      UnsafeBuffer view = new UnsafeBuffer(bytes);
      try (from;
          to;
          InputStream in = from.getInputStream();
          OutputStream out = to.getOutputStream()) {
        int kept = 0;
        for (int n = in.read(bytes, kept, LONGEST - kept);
            n > 0;
            n = in.read(bytes, kept, LONGEST - kept)) {
          if (!looks) {
            out.write(bytes, 0, n);
            continue;
          }
          int end = kept + n;
          int at = 0;
          for (int frame = Frames.next(view, at, end - at, LONGEST);
              frame > 0;
              frame = Frames.next(view, at, end - at, LONGEST)) {
            look(view, at + Framing.HEADER);
            at += frame;
          }
          out.write(bytes, kept, n);
          System.arraycopy(bytes, at, bytes, 0, end - at);
          kept = end - at;
        }
      } catch (IOException e) {
        // The server was killed, or the feed has ended: the other side sees the same.
        assertThat(e).isNotNull();
      }
    }

    private void look(UnsafeBuffer view, int offset) {
      if (MessageLayout.templateId(view, offset) == FeedAckDecoder.TEMPLATE_ID) {
        FeedAckDecoder ack = new FeedAckDecoder();
        ack.wrapAndApplyHeader(view, offset, new MessageHeaderDecoder());
        latest = Math.max(latest, ack.sourceSeq());
        acknowledged.add(ack.sourceSeq());
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
