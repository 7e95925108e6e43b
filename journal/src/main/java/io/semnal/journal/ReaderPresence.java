package io.semnal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, to whoever prunes a journal, which files a reader in another process is at: a small file
 * under {@code readers/}, held by a lock of the operating system for as long as the process lives.
 */
final class ReaderPresence implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderPresence.class);
  private static final String FOLDER = "readers";

  /** Of this process: its id would be another container's, or its own of before, as well. */
  private static final String SELF = UUID.randomUUID().toString();

  private static final AtomicInteger COUNT = new AtomicInteger();
  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer cell = ByteBuffer.allocate(Integer.BYTES);

  private ReaderPresence(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * @return {@code null} where nothing can be written beside the journal: such a reader is not
   *     known to whoever prunes
   */
  static ReaderPresence announce(Path journal) {
    Path file = journal.resolve(FOLDER).resolve(SELF + "-" + COUNT.incrementAndGet());
    try {
      Files.createDirectories(file.getParent());
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      ReaderPresence presence = new ReaderPresence(file, channel);
      channel.lock();
      presence.at(Side.INBOUND, QueueReader.NOWHERE);
      presence.at(Side.OUTBOUND, QueueReader.NOWHERE);
      presence.at(Side.SHADOW, QueueReader.NOWHERE);
      return presence;
    } catch (IOException e) {
      LOG.debug("{} cannot be written: a pruning will not know of this reader", file, e);
      return null;
    }
  }

  synchronized void at(Side side, int cycle) {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.write(cell.clear().putInt(cycle).flip(), at(side));
    } catch (IOException e) {
      throw new JournalException("cannot write " + file, e);
    }
  }

  private static long at(Side side) {
    return switch (side) {
      case INBOUND -> 0;
      case OUTBOUND -> Integer.BYTES;
      case SHADOW -> 2 * Integer.BYTES;
    };
  }

  /**
   * The oldest file that any other process reads; {@link QueueReader#NOWHERE} if none does. What
   * killed readers left is cleared away.
   */
  static int oldestRead(Path journal, Side side) {
    Path folder = journal.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return QueueReader.NOWHERE;
    }
    int oldest = QueueReader.NOWHERE;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        oldest = Math.min(oldest, cycle(file, side));
      }
    } catch (IOException e) {
      throw new JournalException("cannot look for readers in " + folder, e);
    }
    return oldest;
  }

  private static int cycle(Path file, Side side) throws IOException {
    if (isDead(file)) {
      Files.deleteIfExists(file);
      return QueueReader.NOWHERE;
    }
    byte[] cells = Files.readAllBytes(file);
    // Just made: it may be about to read anything.
    int at = (int) at(side);
    return cells.length < at + Integer.BYTES ? 0 : ByteBuffer.wrap(cells).getInt(at);
  }

  /** Own files must not even be opened: closing any channel on one would drop its lock. */
  private static boolean isDead(Path file) throws IOException {
    if (file.getFileName().toString().startsWith(SELF)) {
      return false;
    }
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = other.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new JournalException("cannot remove " + file, e);
    }
  }
}
