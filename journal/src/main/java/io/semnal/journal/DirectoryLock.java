package io.semnal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a journal to one writing process. The operating system drops the lock when the process
 * ends, however it ends; the file itself stays and holds the last holder's name.
 */
final class DirectoryLock implements AutoCloseable {
  /**
   * Journals that this process holds. A lock belongs to the whole process, and closing any channel
   * on its file drops it: a second attempt of this process must not even open the file.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path key;
  private final FileChannel channel;

  private DirectoryLock(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * @throws JournalException naming the holder, if there is one
   */
  static DirectoryLock acquire(Path file) throws IOException {
    Path key = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    if (!HELD.add(key)) {
      throw new JournalException(
          "journal " + file.getParent() + " is open already, in this process");
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              key, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new JournalException(
            "journal " + file.getParent() + " is held by another process: " + holder(key));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(selfText().getBytes(StandardCharsets.UTF_8)), 0);
      return new DirectoryLock(key, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      HELD.remove(key);
      throw e;
    }
  }

  private static String selfText() {
    ProcessHandle self = ProcessHandle.current();
    String host = System.getenv().getOrDefault("HOSTNAME", "this host");
    return "pid " + self.pid() + " on " + host + ", since " + Instant.now();
  }

  private static String holder(Path file) throws IOException {
    String text = Files.readString(file).strip();
    return text.isEmpty() ? "one that has just started" : text;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new JournalException("cannot release " + key, e);
    } finally {
      HELD.remove(key);
    }
  }
}
