package io.semnal.server;

import io.semnal.client.ClientHandler;
import io.semnal.client.ClientOptions;
import io.semnal.client.SemnalClient;
import io.semnal.client.Subscription;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client that knows nothing but its token: every session is a new client that asks for signals
 * and bars after it.
 */
final class ResumingListener implements ClientHandler, AutoCloseable {
  private static final long WAIT_MILLIS = 20;

  private final ClientOptions options;
  private final List<Message> received = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final Thread thread;
  private ResumeToken token;
  private int sessions;
  private volatile boolean stopped;

  ResumingListener(String uri, Path keyFile) throws IOException {
    this(uri, keyFile, new ResumeToken(1, 0));
  }

  /**
   * @param from its first token
   */
  ResumingListener(String uri, Path keyFile, ResumeToken from) throws IOException {
    token = from;
    options = ClientOptions.of(uri, ClientKey.read(keyFile)).withRetryFor(Duration.ZERO);
    thread = Thread.ofPlatform().name("resuming-listener").start(this::run);
  }

  private void run() {
    while (!stopped) {
      SemnalClient client = new SemnalClient(options, this);
      try (client) {
        client.connect();
        client.subscribe(Subscription.to(Channel.SIGNALS, Channel.BARS).resumingAfter(token));
        count();
        while (!stopped) {
          if (client.poll() == 0) {
            client.await(WAIT_MILLIS);
          }
        }
      } catch (IOException e) {
        // The server was killed: what this client is about.
        pause();
      }
      token = client.token() == null ? token : client.token();
    }
  }

  private synchronized void count() {
    sessions++;
  }

  private void pause() {
    try {
      Thread.sleep(WAIT_MILLIS);
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  @Override
  public synchronized void onMessage(DirectBuffer buffer, int offset, int length) {
    int template = MessageLayout.templateId(buffer, offset);
    if (template == SessionErrorDecoder.TEMPLATE_ID) {
      complaints.add("the server sent an error");
    } else if (JournalView.isSignalOrBar(template)) {
      byte[] bytes = new byte[length];
      buffer.getBytes(offset, bytes);
      received.add(new Message(new UnsafeBuffer(bytes)));
      notifyAll();
    }
  }

  @Override
  public synchronized void onGap(
      int channel, int instrumentId, int timeframe, int strategyId, long first, long last) {
    complaints.add("streamSeq " + first + " to " + last + " did not come");
  }

  /** Waits until so many have come, and longer than that only if time runs out. */
  synchronized List<Message> await(int count, Duration most) throws InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    while (received.size() < count && System.nanoTime() < deadline) {
      wait(WAIT_MILLIS);
    }
    return List.copyOf(received);
  }

  synchronized List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Waits until it has been connected so often. */
  synchronized void awaitSessions(int count, Duration most) throws InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    while (sessions < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(sessions + " session(s) instead of " + count);
      }
      wait(WAIT_MILLIS);
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      if (!thread.join(ServerSetup.PATIENCE)) {
        throw new IllegalStateException("the listener does not end");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
