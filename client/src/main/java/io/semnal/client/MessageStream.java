package io.semnal.client;

import io.semnal.protocol.session.ResumeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;

/**
 * What a server publishes, one message after another, for a loop that waits: a {@link SemnalClient}
 * without callbacks.
 *
 * <pre>{@code
 * try (MessageStream stream = MessageStream.open(options, Subscription.to(Channel.SIGNALS))) {
 *   for (Published message : stream.messages()) {
 *     System.out.println(message);
 *   }
 * }
 * }</pre>
 *
 * <p>It has no thread and reads ahead no further than one message: while nobody asks for the next
 * one, the rest waits at the server, which ends the session of a client that stays away longer than
 * three heartbeats (15 s by default) or falls too far behind. The next call then connects again and
 * resumes after {@link #token}: no message is lost or doubled. A request that the server refuses is
 * thrown. One thread; {@link #close} by that thread too.
 */
public final class MessageStream implements AutoCloseable {
  private static final long STEP_MILLIS = 1_000;

  private final Queue<Published> ready = new ArrayDeque<>();
  private final SemnalClient client;
  private ServerError refused;
  private ResumeToken token;

  private MessageStream(ClientOptions options, ConnectionListener connection) {
    StreamListener copy =
        new PublishedCopy(
            ready::add,
            new ConnectionListener() {
              @Override
              public void onError(ServerError error) {
                refused = isRefusal(error) ? error : refused;
                connection.onError(error);
              }

              @Override
              public void onConnected(io.semnal.protocol.session.SessionTerms terms) {
                connection.onConnected(terms);
              }

              @Override
              public void onDisconnected(String why) {
                connection.onDisconnected(why);
              }

              @Override
              public void onGap(int channel, int id, int timeframe, int strategy, long a, long b) {
                connection.onGap(channel, id, timeframe, strategy, a, b);
              }
            });
    client = new SemnalClient(options, copy);
  }

  /** Errors of the token are followed by a snapshot and the stream; fatal ones by the end. */
  private static boolean isRefusal(ServerError error) {
    return !error.fatal()
        && switch (error.code()) {
          case EPOCH_CHANGED, FROM_AHEAD, REPLAY_AGED_OUT -> false;
          default -> true;
        };
  }

  /**
   * Connects and subscribes.
   *
   * @throws io.semnal.protocol.session.LoginRefusedException if the server refuses the key
   */
  public static MessageStream open(ClientOptions options, Subscription subscription)
      throws IOException {
    return open(options, subscription, new ConnectionListener() {});
  }

  /**
   * The same, telling of losses, gaps and errors.
   *
   * @param connection called by the thread that asks for messages
   */
  public static MessageStream open(
      ClientOptions options, Subscription subscription, ConnectionListener connection)
      throws IOException {
    MessageStream stream = new MessageStream(options, connection);
    try {
      stream.client.connect();
      stream.client.subscribe(subscription);
      stream.token = subscription.resume();
      return stream;
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }

  /**
   * The next message, however long it takes.
   *
   * @throws IOException if the session is at its end for good, or a request was refused
   */
  public Published next() throws IOException {
    while (true) {
      Published next = next(Duration.ofMillis(STEP_MILLIS));
      if (next != null) {
        return next;
      }
    }
  }

  /**
   * The next message.
   *
   * @return {@code null} if none comes in that time
   * @throws IOException if the session is at its end for good, or a request was refused
   */
  public Published next(Duration most) throws IOException {
    long deadline = System.nanoTime() + most.toNanos();
    while (ready.isEmpty()) {
      int received = client.poll(1);
      if (refused != null) {
        throw new IOException("the server refused a request: " + refused);
      }
      if (received == 0) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return null;
        }
        client.await(left);
      }
    }
    token = client.token();
    return ready.remove();
  }

  /** The messages for a loop; an {@link UncheckedIOException} ends it. */
  public Iterable<Published> messages() {
    return () ->
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Published next() {
            try {
              return MessageStream.this.next();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
  }

  /**
   * What to resume after in another session: the last message that was given out; {@code null}
   * before the first, where nothing was resumed after.
   */
  public ResumeToken token() {
    return token;
  }

  /** The client behind it, for its clock and latencies. */
  public SemnalClient client() {
    return client;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
