package io.semnal.feed.session;

import io.semnal.feed.TickSource;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ClientTls;
import io.semnal.protocol.session.LoginRefusedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends a source of ticks to a server until it has acknowledged all of them: paced, batched, and
 * over as many connections as it takes.
 *
 * <p>The k-th tick of the input has {@code sourceSeq} k. The server says how far its journal holds
 * them, and the input is read again from there: so every tick stands in the journal once, whatever
 * breaks in between, as long as the input is the same each time it is opened.
 *
 * <p>One thread, the caller's.
 */
public final class FeedClient {
  private static final long FIRST_BACKOFF = 50_000_000L;
  private static final long LONGEST_BACKOFF = 2_000_000_000L;
  private static final long PROGRESS_EVERY = 500_000_000L;

  private final Options options;
  private final List<String> symbols;
  private final Opener ticks;
  private final Consumer<FeedProgress> onProgress;
  private long startedAt;
  private long nextProgress;
  private long present = -1;
  private long presentUntil;
  private long sent;
  private long read;
  private long acknowledged;
  private long rejections;
  private String lastRejection = "";
  private int reconnects;
  private boolean connected;
  private long aliveAt;

  /** Opens the input from its first tick. */
  @FunctionalInterface
  public interface Opener {
    TickSource open() throws IOException;
  }

  /**
   * @param tls {@code null} = in the clear
   * @param clientName what the server's log shall call the feed
   * @param timeout to connect, and to log in
   * @param retryFor how long to go on without a session before giving up
   */
  public record Options(
      InetSocketAddress address,
      ClientTls tls,
      ClientKey key,
      String clientName,
      Pace pace,
      Duration timeout,
      Duration retryFor) {
    /** In the clear. */
    public Options(
        InetSocketAddress address,
        ClientKey key,
        String clientName,
        Pace pace,
        Duration timeout,
        Duration retryFor) {
      this(address, null, key, clientName, pace, timeout, retryFor);
    }
  }

  /**
   * @param symbols what {@code Tick.instrument} counts; the first is taken for -1
   * @param onProgress told about twice a second, and at the end
   */
  public FeedClient(
      Options options, List<String> symbols, Opener ticks, Consumer<FeedProgress> onProgress) {
    this.options = options;
    this.symbols = List.copyOf(symbols);
    this.ticks = ticks;
    this.onProgress = onProgress;
  }

  /**
   * Runs to the end.
   *
   * @throws LoginRefusedException if the server refuses the key
   * @throws SessionEndedException if the server ends the session for good
   * @throws IOException if the input cannot be read, no session stood for {@code retryFor}, or the
   *     server's certificate is not trusted
   * @throws InterruptedException if the thread was interrupted
   */
  public FeedProgress run() throws IOException, InterruptedException {
    startedAt = System.nanoTime();
    aliveAt = startedAt;
    nextProgress = startedAt + PROGRESS_EVERY;
    long backoff = FIRST_BACKOFF;
    while (true) {
      long acknowledgedBefore = acknowledged;
      try (FeedRun run = new FeedRun(this)) {
        run.toTheEnd();
        FeedProgress end = progress();
        onProgress.accept(end);
        return end;
      } catch (FeedRun.InputException e) {
        throw e.cause();
      } catch (LoginRefusedException e) {
        giveUpUnless(e.retryable(), e);
      } catch (SessionEndedException e) {
        giveUpUnless(e.retryable(), e);
      } catch (IOException e) {
        giveUpUnless(!isDistrust(e), e);
      }
      connected = false;
      reconnects++;
      backoff =
          acknowledged > acknowledgedBefore
              ? FIRST_BACKOFF
              : Math.min(2 * backoff, LONGEST_BACKOFF);
      tick(System.nanoTime());
      Thread.sleep(Duration.ofNanos(backoff));
    }
  }

  /** The server has a certificate that is not trusted; it would have the same in a second. */
  private static boolean isDistrust(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private void giveUpUnless(boolean retryable, IOException e)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (!retryable) {
      throw e;
    }
    if (System.nanoTime() - aliveAt > options.retryFor().toNanos()) {
      throw new IOException(
          "no session for " + options.retryFor().toSeconds() + " s: " + e.getMessage(), e);
    }
  }

  private FeedProgress progress() {
    return new FeedProgress(
        read,
        Math.max(0, present),
        presentUntil,
        sent,
        acknowledged,
        rejections,
        lastRejection,
        reconnects,
        System.nanoTime() - startedAt,
        connected);
  }

  Options options() {
    return options;
  }

  List<String> symbols() {
    return symbols;
  }

  Opener ticks() {
    return ticks;
  }

  /** A session stands. */
  void connected(long lastSourceSeq) {
    connected = true;
    if (present < 0) {
      present = lastSourceSeq;
    }
    acknowledged = Math.max(acknowledged, lastSourceSeq);
    aliveAt = System.nanoTime();
  }

  void acknowledged(long sourceSeq) {
    acknowledged = Math.max(acknowledged, sourceSeq);
  }

  void rejected(String text) {
    rejections++;
    lastRejection = text;
  }

  void sent(long index) {
    sent++;
    read = index;
  }

  void skipped(long index, long eventTime) {
    read = Math.max(read, index);
    if (index <= present) {
      presentUntil = eventTime;
    }
  }

  /** Now and then, while a session stands. */
  void alive(long now) {
    aliveAt = now;
    tick(now);
  }

  private void tick(long now) {
    if (now - nextProgress >= 0) {
      nextProgress = now + PROGRESS_EVERY;
      onProgress.accept(progress());
    }
  }
}
