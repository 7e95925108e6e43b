package io.semnal.client.examples;

import io.aeron.Aeron;
import io.semnal.client.AeronClient;
import io.semnal.client.ClientHandler;
import io.semnal.client.ClientOptions;
import io.semnal.client.Subscription;
import io.semnal.protocol.Channel;
import io.semnal.protocol.session.ClientKey;
import java.io.IOException;

/** Follows the stream over Aeron; what was before, and what was lost, comes by a session. */
public final class FollowOverAeron {
  private volatile boolean running = true;

  /**
   * @param directory of the media driver: the server's for {@code aeron:ipc}, one's own for UDP
   * @param uri of the server's session port
   */
  public void run(
      String directory, String channel, String uri, ClientKey key, ClientHandler handler)
      throws IOException {
    try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory));
        io.aeron.Subscription frames = aeron.addSubscription(channel, 1001);
        AeronClient client =
            new AeronClient(
                ClientOptions.of(uri, key),
                Subscription.to(Channel.SIGNALS, Channel.SCORES, Channel.BARS, Channel.STATUS)
                    .withSnapshot(),
                frames,
                handler)) {
      client.connect();
      while (running) {
        if (client.poll() == 0) {
          Thread.onSpinWait();
        }
      }
    }
  }

  /** Ends {@link #run}. Any thread. */
  public void stop() {
    running = false;
  }
}
