package io.semnal.journal;

import io.semnal.core.ingress.MessageLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import net.openhft.chronicle.core.time.SystemTimeProvider;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.RollCycle;

/**
 * A journal on disk: where its parts lie, who may write to it, and the way to its queues.
 *
 * <pre>
 * FORMAT       version of this layout
 * lock         held by the one writing process
 * inbound/     queue of inbound messages: the truth about state
 * outbound/    queue of outbound messages: the truth about what was published
 * shadow/      queue of challengers' scores, once there is one: outside every replay
 *              beside each file of a queue, .sum has the checksums of its messages
 * models/      every model that a run used, by hash
 * quarantine   inbound messages that no engine is given any more
 * snapshots/   state behind one inbound message each, to start from
 * origin       the files on disk, by inode: whether this is a copy
 * fatal        the inbound message at which an engine died last
 * clean        how far the queues had come at the last orderly end
 * floor        where a pruned journal begins to be whole
 * import       the files of an import that is under way, or was stopped
 * readers/     what other processes that read are at, so that it is not pruned
 * </pre>
 *
 * <p>Opened by {@link #open} it belongs to this process until closed. {@link #openReadOnly} takes
 * no lock and works beside a running writer.
 */
public final class JournalDirectory implements AutoCloseable {
  private final Path path;
  private final boolean readOnly;
  private final DirectoryLock lock;
  private final JournalQueue inbound;
  private final JournalQueue outbound;
  private final RollCycle roll;
  private final TimeProvider clock;
  private final ReaderPresence presence;
  private final JournalSums sums;
  private final Object snapshotLock = new Object();
  private volatile Floor floor;
  private JournalQueue shadow;

  private JournalDirectory(Path path, RollCycle roll, TimeProvider clock, DirectoryLock lock) {
    this.path = path;
    this.lock = lock;
    this.roll = roll;
    this.clock = clock;
    readOnly = lock == null;
    presence = readOnly ? ReaderPresence.announce(path) : null;
    floor = Floor.read(path);
    if (readOnly) {
      inbound = JournalQueue.forReading(Side.INBOUND, path, roll, presence);
      outbound = JournalQueue.forReading(Side.OUTBOUND, path, roll, presence);
      sums = null;
      return;
    }
    JournalQueue first = JournalQueue.forWriting(Side.INBOUND, path, roll, clock);
    try {
      outbound = JournalQueue.forWriting(Side.OUTBOUND, path, roll, clock);
    } catch (RuntimeException e) {
      first.close();
      throw e;
    }
    inbound = first;
    sums = new JournalSums(inbound, outbound, this::shadowQueue);
  }

  /**
   * Opens for writing, and creates what is not there yet.
   *
   * @param rollCycle Chronicle Queue roll cycle for a new journal, for example {@code FAST_DAILY};
   *     an existing one keeps its own
   * @throws JournalException naming the process that holds the journal, a foreign folder, or a
   *     format of another version
   */
  public static JournalDirectory open(Path path, String rollCycle) {
    return open(path, rollCycle, SystemTimeProvider.INSTANCE);
  }

  /**
   * The same by another clock.
   *
   * @param clock says when a file is full; nothing else is asked of it
   */
  static JournalDirectory open(Path path, String rollCycle, TimeProvider clock) {
    RollCycle wanted = JournalQueue.rollCycle(rollCycle);
    DirectoryLock lock = null;
    try {
      requireOursOrEmpty(path);
      Files.createDirectories(path);
      lock = DirectoryLock.acquire(path.resolve("lock"));
      Files.createDirectories(path.resolve("models"));
      if (!JournalFormat.exists(path)) {
        new JournalFormat(JournalFormat.VERSION, rollCycle).write(path);
      }
      JournalFormat format = JournalFormat.read(path);
      RollCycle roll =
          format.rollCycle().equals(rollCycle)
              ? wanted
              : JournalQueue.rollCycle(format.rollCycle());
      Pruning.finishInterrupted(path);
      return new JournalDirectory(path, roll, clock, lock);
    } catch (IOException | RuntimeException e) {
      if (lock != null) {
        lock.close();
      }
      throw e instanceof JournalException known
          ? known
          : new JournalException("cannot open the journal " + path + ": " + e, e);
    }
  }

  /**
   * Opens for reading only. Queues that a writer has not made yet read as empty until it has.
   *
   * @throws JournalException if there is no journal at {@code path}
   */
  public static JournalDirectory openReadOnly(Path path) {
    if (!JournalFormat.exists(path)) {
      throw new JournalException("there is no journal at " + path);
    }
    JournalFormat format = JournalFormat.read(path);
    return new JournalDirectory(
        path, JournalQueue.rollCycle(format.rollCycle()), SystemTimeProvider.INSTANCE, null);
  }

  /**
   * @throws JournalException if there is no roll cycle of that name
   */
  public static void requireRollCycle(String name) {
    JournalQueue.rollCycle(name);
  }

  private static void requireOursOrEmpty(Path path) throws IOException {
    if (JournalFormat.exists(path) || !Files.exists(path)) {
      return;
    }
    if (!Files.isDirectory(path)) {
      throw new JournalException(path + " is a file, not a folder for a journal");
    }
    try (Stream<Path> entries = Files.list(path)) {
      if (entries.anyMatch(e -> !isTraceOfUnfinishedStart(e.getFileName().toString()))) {
        throw new JournalException(
            path + " is neither empty nor a journal (it has no " + JournalFormat.FILE + " file)");
      }
    }
  }

  private static boolean isTraceOfUnfinishedStart(String name) {
    return name.equals("lock")
        || name.equals("models")
        || name.startsWith(JournalFormat.FILE)
        || name.equals("lost+found");
  }

  public Path path() {
    return path;
  }

  public boolean isReadOnly() {
    return readOnly;
  }

  /** Where the journal begins to be whole, if it was pruned. Any thread. */
  public Floor floor() {
    return readOnly ? Floor.read(path) : floor;
  }

  /** Held while snapshots are deleted, and while one becomes the floor's. */
  Object snapshotLock() {
    return snapshotLock;
  }

  /** A pruning has decided; its files go next. */
  void floorMoved(Floor to) {
    floor = to;
  }

  /** The files of a pruning are gone. */
  void pruned() {
    inbound.pruned();
    outbound.pruned();
    synchronized (this) {
      Path folder = path.resolve(Side.SHADOW.folder());
      if (shadow != null) {
        shadow.pruned();
      } else if (QueueFiles.exist(folder)) {
        JournalQueue.relist(folder, roll);
      }
    }
  }

  /** The oldest file of the shadow queue that a reader of this object stands in. */
  synchronized int oldestShadowRead() {
    return shadow == null ? QueueReader.NOWHERE : shadow.oldestRead();
  }

  JournalQueue queue(Side side) {
    return switch (side) {
      case INBOUND -> inbound;
      case OUTBOUND -> outbound;
      case SHADOW -> throw new IllegalArgumentException("not pruned by sequence");
    };
  }

  /** Folder of the models that the runs used, by hash. */
  public Path models() {
    return path.resolve("models");
  }

  /** The one appender of inbound messages. */
  public MessageLog inboundLog() {
    return inbound.log();
  }

  /** The one appender of outbound messages. */
  public MessageLog outboundLog() {
    return outbound.log();
  }

  /** Gives messages their checksums, on a cold thread; of a journal that is open for writing. */
  public JournalSums sums() {
    if (readOnly) {
      throw new IllegalStateException("open for reading only");
    }
    return sums;
  }

  private synchronized JournalQueue shadowQueue() {
    return shadow;
  }

  /** Messages that are not what was written, met by readers of this process. Any thread. */
  public long damagedMessages() {
    return sum(MessageCheck.Counts::damaged);
  }

  /** Messages whose checksum was damaged, met by readers of this process. Any thread. */
  public long damagedSums() {
    return sum(MessageCheck.Counts::badSums);
  }

  /** How many messages of a queue its readers, closed by now, found to be what was written. */
  public long checkedMessages(Side side) {
    return counts(side, MessageCheck.Counts::checked);
  }

  /** How many messages of a queue its readers, closed by now, could not check. */
  public long uncheckedMessages(Side side) {
    return counts(side, MessageCheck.Counts::withoutSum);
  }

  private long sum(ToLongFunction<MessageCheck.Counts> what) {
    long sum = 0;
    for (Side side : Side.values()) {
      sum += counts(side, what);
    }
    return sum;
  }

  private long counts(Side side, ToLongFunction<MessageCheck.Counts> what) {
    JournalQueue queue = side == Side.SHADOW ? shadowQueue() : queue(side);
    return queue == null ? 0 : what.applyAsLong(queue.counts());
  }

  /** Readies memory ahead of both appenders, on a thread of its own; it ends before this closes. */
  public PagesAheadAgent pagesAhead() {
    return new PagesAheadAgent(List.of(inbound.pagesAhead(), outbound.pagesAhead()));
  }

  /** The one appender of challengers' scores; the queue is made when first asked for. */
  public synchronized MessageLog shadowLog() {
    if (readOnly) {
      throw new IllegalStateException("open for reading only");
    }
    if (shadow == null) {
      shadow = JournalQueue.forWriting(Side.SHADOW, path, roll, clock);
      new SumWriter(shadow).trim();
    }
    return shadow.log();
  }

  /** A new reader of challengers' scores; closed like the others. Of a journal opened to read. */
  public synchronized QueueReader shadowReader() {
    if (shadow == null) {
      if (!readOnly) {
        throw new IllegalStateException("open for writing");
      }
      shadow = JournalQueue.forReading(Side.SHADOW, path, roll, presence);
    }
    return shadow.reader();
  }

  /** A new reader; the caller closes it, or this object does. */
  public QueueReader inboundReader() {
    return inbound.reader();
  }

  /** A new reader; the caller closes it, or this object does. */
  public QueueReader outboundReader() {
    return outbound.reader();
  }

  /** A reader of what stands in outbound, for who compares it with what an engine says. */
  QueueReader rawOutboundReader() {
    return outbound.rawReader();
  }

  /** A new reader of a queue; the caller closes it, or this object does. */
  public QueueReader reader(Side side) {
    return switch (side) {
      case INBOUND -> inboundReader();
      case OUTBOUND -> outboundReader();
      case SHADOW -> shadowReader();
    };
  }

  /** Closes readers, logs and queues, and lets go of the lock. Its users have stopped before. */
  @Override
  public void close() {
    try {
      if (sums != null) {
        sums.close();
      }
      inbound.close();
      outbound.close();
      closeShadow();
    } finally {
      if (presence != null) {
        presence.close();
      }
      if (lock != null) {
        lock.close();
      }
    }
  }

  private synchronized void closeShadow() {
    if (shadow != null) {
      shadow.close();
      shadow = null;
    }
  }
}
