package io.semnal.gateway.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.NoOpLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Aeron media driver and its client without threads of their own: both work when this agent's
 * duty cycle says so.
 *
 * <p>Its directory is locked by a file beside it, so that no two servers share one, and deleted at
 * start and stop. Subscriptions are untethered unless their URI says otherwise: one that stalls is
 * let go within {@link #STALLED_FOR} of holding the publication back, and comes back later.
 *
 * <p>Made on any thread; from then on one thread.
 */
public final class EmbeddedDriver implements Agent, AutoCloseable {
  /** How long a subscriber on this machine may hold the others back, nanoseconds. */
  public static final long STALLED_FOR = TimeUnit.MILLISECONDS.toNanos(20);

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDriver.class);
  private static final long TIMER = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long RESTING = TimeUnit.SECONDS.toNanos(1);

  /** A machine that is short of processor time is no reason to end the process. */
  private static final long PATIENCE_SECONDS = 60;

  private final FileChannel lock;
  private final MediaDriver driver;
  private final Aeron aeron;
  private final Counter errors;

  /**
   * @param directory its parent is there; itself is made, and what stood there deleted
   * @param termLength bytes, a power of two
   * @throws IllegalStateException saying what is wrong with the directory
   */
  public EmbeddedDriver(Path directory, int termLength, NanoClock clock, Metrics metrics) {
    errors = metrics.counter("aeron_errors_total", "Errors of the media driver and its client");
    lock = lock(directory);
    try {
      driver = MediaDriver.launchEmbedded(driverContext(directory, termLength, clock));
    } catch (AeronException | IllegalStateException e) {
      release();
      throw new IllegalStateException(
          "the Aeron media driver does not start in " + directory + ": " + e.getMessage(), e);
    }
    aeron = Aeron.connect(clientContext());
  }

  private static FileChannel lock(Path directory) {
    Path file = directory.resolveSibling(directory.getFileName() + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          return channel;
        }
      } catch (OverlappingFileLockException e) {
        LOG.debug("{} is locked by this process", file, e);
      }
      channel.close();
      throw new IllegalStateException(
          "aeron.directory " + directory + " belongs to another server that runs");
    } catch (IOException e) {
      throw new IllegalStateException("aeron.directory: " + file + " cannot be made: " + e, e);
    }
  }

  private MediaDriver.Context driverContext(Path directory, int termLength, NanoClock clock) {
    return new MediaDriver.Context()
        .aeronDirectoryName(directory.toString())
        .threadingMode(ThreadingMode.INVOKER)
        .asyncExecutorEnabled(false)
        .dirDeleteOnStart(true)
        .dirDeleteOnShutdown(true)
        .warnIfDirectoryExists(false)
        .publicationTermBufferLength(termLength)
        .ipcTermBufferLength(termLength)
        .tetherSubscriptions(false)
        .untetheredWindowLimitTimeoutNs(STALLED_FOR)
        .untetheredLingerTimeoutNs(2 * TIMER)
        .untetheredRestingTimeoutNs(RESTING)
        .timerIntervalNs(TIMER)
        .nanoClock(clock)
        .clientLivenessTimeoutNs(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS))
        .publicationUnblockTimeoutNs(TimeUnit.SECONDS.toNanos(2 * PATIENCE_SECONDS))
        .driverTimeoutMs(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))
        .errorHandler(this::onError);
  }

  private Aeron.Context clientContext() {
    return new Aeron.Context()
        .aeronDirectoryName(driver.aeronDirectoryName())
        .useConductorAgentInvoker(true)
        .driverAgentInvoker(driver.sharedAgentInvoker())
        .clientLock(NoOpLock.INSTANCE)
        .driverTimeoutMs(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))
        .errorHandler(this::onError);
  }

  private void onError(Throwable error) {
    errors.increment();
    LOG.warn("Aeron: {}", error.getMessage(), error);
  }

  /**
   * @throws IllegalStateException naming the channel that cannot be opened
   */
  public ExclusivePublication publication(String channel, int stream) {
    return opened(channel, () -> aeron.addExclusivePublication(channel, stream));
  }

  /**
   * @throws IllegalStateException naming the channel that cannot be opened
   */
  public Subscription subscription(String channel, int stream) {
    return opened(channel, () -> aeron.addSubscription(channel, stream));
  }

  private <T> T opened(String channel, Supplier<T> opener) {
    try {
      return opener.get();
    } catch (AeronException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "the Aeron channel " + channel + " cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public int doWork() {
    if (aeron.isClosed()) {
      throw new IllegalStateException("the Aeron client ended by itself; its log says why");
    }
    return driver.sharedAgentInvoker().invoke() + aeron.conductorAgentInvoker().invoke();
  }

  @Override
  public String roleName() {
    return "aeron-driver";
  }

  /** What others on this machine give as their {@code aeronDirectoryName}. */
  public String directory() {
    return driver.aeronDirectoryName();
  }

  /** Closes everything opened here, and deletes the directory. No other thread uses it any more. */
  @Override
  public void close() {
    try {
      aeron.close();
      driver.close();
    } finally {
      release();
    }
  }

  private void release() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a server's driver lives by default: the same at each start, another for each journal. */
  public static Path defaultDirectory(Path journal) {
    Path memory = Path.of("/dev/shm");
    String name =
        "semnal-aeron-" + Integer.toHexString(journal.toAbsolutePath().normalize().hashCode());
    return Files.isWritable(memory)
        ? memory.resolve(name)
        : Path.of(System.getProperty("java.io.tmpdir")).resolve(name);
  }
}
