package io.semnal.journal;

import io.semnal.core.ingress.MessageLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.core.time.SystemTimeProvider;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.TableStore;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.TableStoreWriteLock;
import net.openhft.chronicle.queue.impl.table.AbstractTSQueueLock;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import net.openhft.posix.PosixAPI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Chronicle Queue of SBE messages: the place where the vendor's library is opened, for writing
 * or for reading only, with its habits kept in check.
 */
final class JournalQueue implements AutoCloseable {
  static {
    // Before any of the vendor's classes load: it reports usage over the network otherwise.
    System.setProperty("chronicle.analytics.disable", "true");
    System.setProperty("chronicle.announcer.disable", "true");
    // It would load a foreign-function library of its own (0.3 s) to call msync(MS_ASYNC) and
    // nothing
    // else, which Linux ignores: changed pages are written back anyway.
    PosixAPI.useNoOpPosixApi();
    SingleChronicleQueueBuilder.addAliases();
  }

  private static final Logger LOG = LoggerFactory.getLogger(JournalQueue.class);
  private static final String METADATA = "metadata.cq4t";

  /**
   * How long a file's missing head is waited for, where the library would for 10 s. A writer makes
   * a file and its head in one go, and at a start there is no other writer, so that a head that
   * does not come is damage.
   */
  private static final long HEAD_MILLIS = Long.getLong("semnal.journal.headMillis", 2_000);

  private final Side side;
  private final Path folder;
  private final RollCycle rollCycle;
  private final TimeProvider clock;
  private final boolean readOnly;
  private final ReaderPresence presence;
  private final Set<QueueReader> readers = new HashSet<>();
  private final Map<Integer, long[]> firstRecords = new ConcurrentHashMap<>();
  private final MessageCheck.Counts counts = new MessageCheck.Counts();
  private final List<SingleChronicleQueue> retired = new ArrayList<>();
  private SingleChronicleQueue queue;
  private SingleChronicleQueue reading;
  private QueueLog log;

  private JournalQueue(
      Side side,
      Path folder,
      RollCycle rollCycle,
      TimeProvider clock,
      boolean readOnly,
      ReaderPresence presence) {
    this.presence = presence;
    this.side = side;
    this.folder = folder;
    this.rollCycle = rollCycle;
    this.clock = clock;
    this.readOnly = readOnly;
  }

  /**
   * Opens or creates the queue. The caller holds the journal's lock.
   *
   * @param clock says when a file is full
   */
  static JournalQueue forWriting(
      Side side, Path directory, RollCycle rollCycle, TimeProvider clock) {
    JournalQueue q =
        new JournalQueue(side, directory.resolve(side.folder()), rollCycle, clock, false, null);
    if (!QueueFiles.exist(q.folder)) {
      q.forgetUnfinishedStart();
    } else if (Files.isRegularFile(q.folder.resolve(METADATA))) {
      q.releaseWriteLock();
      // Opened for writing, a file that was cut off would be made whole with zeros.
      q.open(true).close();
    }
    q.queue = q.open(false);
    if (q.queue.metaStore().readOnly()) {
      q.close();
      throw new JournalException(
          q.folder
              + " opens for reading only: the process lacks the JVM flags of scripts/jvm.flags, or"
              + " the right to write there");
    }
    return q;
  }

  /** Has a queue look at its files anew, whose list it keeps. The caller holds the lock. */
  static void relist(Path folder, RollCycle rollCycle) {
    QueueFiles.requireWhole(folder);
    try (SingleChronicleQueue queue =
        SingleChronicleQueueBuilder.binary(folder)
            .rollCycle(rollCycle)
            .blockSize(QueueFiles.BLOCK)
            .build()) {
      queue.refreshDirectoryListing();
    }
  }

  /**
   * For reading beside a writer; the queue may come into being later.
   *
   * @param presence tells the writer where the readers are; {@code null} = nobody does
   */
  static JournalQueue forReading(
      Side side, Path directory, RollCycle rollCycle, ReaderPresence presence) {
    return new JournalQueue(
        side,
        directory.resolve(side.folder()),
        rollCycle,
        SystemTimeProvider.INSTANCE,
        true,
        presence);
  }

  static RollCycle rollCycle(String name) {
    for (RollCycle cycle : RollCycles.all()) {
      if (cycle.toString().equals(name)) {
        return cycle;
      }
    }
    throw new JournalException(
        "'" + name + "' is not a roll cycle, for example FAST_DAILY or FAST_HOURLY");
  }

  Side side() {
    return side;
  }

  Path folder() {
    return folder;
  }

  /** The queue, or {@code null} while there is none to read. */
  synchronized SingleChronicleQueue queue() {
    if (reading != null) {
      return reading;
    }
    if (queue == null && readOnly && Files.isRegularFile(folder.resolve(METADATA))) {
      queue = open(true);
    }
    return queue;
  }

  synchronized MessageLog log() {
    if (readOnly) {
      throw new IllegalStateException("open for reading only");
    }
    if (log == null) {
      log = new QueueLog(queue);
    }
    return log;
  }

  /** To be closed before this. */
  synchronized PagesAhead pagesAhead() {
    if (readOnly) {
      throw new IllegalStateException("open for reading only");
    }
    return new PagesAhead(queue);
  }

  /** One that hands over nothing but what was written, as far as checksums reach. */
  QueueReader reader() {
    return reader(true);
  }

  /** One that hands over what stands there, for those who compare it themselves. */
  QueueReader rawReader() {
    return reader(false);
  }

  private synchronized QueueReader reader(boolean checked) {
    QueueReader reader = new QueueReader(this, checked);
    readers.add(reader);
    return reader;
  }

  /** What its readers met. */
  MessageCheck.Counts counts() {
    return counts;
  }

  /** What {@link QueueSearch} remembers of the files, by cycle, for every reader of the queue. */
  Map<Integer, long[]> firstRecords() {
    return firstRecords;
  }

  synchronized void forget(QueueReader reader) {
    readers.remove(reader);
    readerMoved();
  }

  /** A reader has come to another file. */
  synchronized void readerMoved() {
    if (presence != null) {
      presence.at(side, oldestRead());
    }
  }

  /** The oldest file that a reader of this process stands in, or {@link QueueReader#NOWHERE}. */
  synchronized int oldestRead() {
    return readers.stream().mapToInt(QueueReader::cycle).min().orElse(QueueReader.NOWHERE);
  }

  /** Old files are gone: what was remembered of them is not true any more. */
  synchronized void pruned() {
    firstRecords.clear();
    if (queue != null) {
      queue.refreshDirectoryListing();
    }
    if (!readOnly) {
      // While anything has a file open, the library gives it to all, though another stands there.
      if (reading != null) {
        retired.add(reading);
      }
      reading = open(true);
    }
  }

  private SingleChronicleQueue open(boolean forReading) {
    try {
      QueueFiles.requireWhole(folder);
      SingleChronicleQueue opened =
          SingleChronicleQueueBuilder.binary(folder)
              .rollCycle(rollCycle)
              .blockSize(QueueFiles.BLOCK)
              .timeProvider(clock)
              .timeoutMS(HEAD_MILLIS)
              .readOnly(forReading)
              .build();
      if (forReading) {
        QueueFiles.requireWritten(opened);
      }
      return opened;
    } catch (CorruptJournalException e) {
      throw e;
    } catch (RuntimeException | AssertionError | InternalError e) {
      throw new CorruptJournalException(
          "cannot open the queue "
              + folder
              + ": "
              + e
              + "; if its "
              + METADATA
              + " is damaged, delete that file (it is made anew); else restore a backup",
          e);
    }
  }

  /** Nothing was ever journaled: what a killed start has left of the queue's own files may go. */
  private void forgetUnfinishedStart() {
    try {
      Files.deleteIfExists(folder.resolve(METADATA));
    } catch (IOException e) {
      throw new JournalException("cannot delete " + folder.resolve(METADATA), e);
    }
  }

  /**
   * Frees the queue's own write lock, which names its holder by process id. In a container a killed
   * server comes back under the same id and would wait for itself. Safe, because this process holds
   * the journal's lock: no other writer lives.
   */
  private void releaseWriteLock() {
    Path metadata = folder.resolve(METADATA);
    try (TableStore<Metadata.NoMeta> store =
        SingleTableBuilder.binary(metadata, Metadata.NoMeta.INSTANCE).readOnly(false).build()) {
      free(store, "chronicle.write.lock");
      free(store, TableStoreWriteLock.APPEND_LOCK_KEY);
    } catch (RuntimeException | AssertionError | InternalError e) {
      throw new CorruptJournalException(
          "cannot read " + metadata + "; delete that file, it is made anew from the queue's others",
          e);
    }
  }

  private void free(TableStore<Metadata.NoMeta> store, String lock) {
    LongValue holder =
        store.doWithExclusiveLock(s -> s.acquireValueFor(lock, AbstractTSQueueLock.UNLOCKED));
    try {
      long pid = holder.getVolatileValue();
      if (pid != AbstractTSQueueLock.UNLOCKED) {
        LOG.info("{}: freed {}, left behind by killed process {}", folder, lock, (int) pid);
        holder.setVolatileValue(AbstractTSQueueLock.UNLOCKED);
      }
    } finally {
      Closeable.closeQuietly(holder);
    }
  }

  @Override
  public synchronized void close() {
    Set.copyOf(readers).forEach(QueueReader::close);
    if (log != null) {
      log.close();
      log = null;
    }
    retired.forEach(SingleChronicleQueue::close);
    retired.clear();
    if (reading != null) {
      reading.close();
      reading = null;
    }
    if (queue != null) {
      queue.close();
      queue = null;
    }
  }
}
