package io.semnal.journal;

import io.semnal.core.ingress.MessageLog;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/** Does to journals what disks and people do: flips bytes, loses messages. */
final class JournalSurgery {
  private JournalSurgery() {}

  /**
   * Flips one bit of a journaled message, in the file.
   *
   * @return flips it back
   */
  static Undo flip(Path dir, Side side, long sequence, int at) throws IOException {
    byte[] record = record(dir, side, sequence);
    try (Stream<Path> files = Files.list(dir.resolve(side.folder()))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".cq4")).toList()) {
        try (var channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          ByteBuffer bytes = ByteBuffer.allocate(8 << 20);
          channel.read(bytes, 0);
          int position = indexOf(bytes.array(), bytes.position(), record);
          if (position >= 0) {
            write(file, position + at, (byte) (record[at] ^ 1));
            return () -> write(file, position + at, record[at]);
          }
        }
      }
    }
    throw new AssertionError("no message " + sequence + " in the files of " + dir);
  }

  /** Makes a damage undone. */
  @FunctionalInterface
  interface Undo {
    void run() throws IOException;
  }

  private static void write(Path file, long at, byte value) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {value}), at);
    }
  }

  /** Copies a journal, but only those messages of one side that are wanted. */
  static void copy(Path from, Path to, Side side, LongPredicate wanted) throws IOException {
    try (JournalDirectory source = JournalDirectory.openReadOnly(from);
        JournalDirectory target = JournalDirectory.open(to, "FAST_DAILY")) {
      copy(source.inboundReader(), target.inboundLog(), side == Side.INBOUND ? wanted : s -> true);
      copy(
          source.outboundReader(),
          target.outboundLog(),
          side == Side.OUTBOUND ? wanted : s -> true);
    }
    for (String name : new String[] {"quarantine", "fatal"}) {
      if (Files.exists(from.resolve(name))) {
        Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Copies what a backup of that moment holds: both queues up to one inbound message. */
  static void copyUpTo(Path from, Path to, long journalSeq) throws IOException {
    try (JournalDirectory source = JournalDirectory.openReadOnly(from);
        JournalDirectory target = JournalDirectory.open(to, "FAST_DAILY")) {
      copy(source.inboundReader(), target.inboundLog(), seq -> seq <= journalSeq);
      QueueReader reader = source.outboundReader();
      while (reader.readNext(
          (buffer, offset, length) -> {
            if (MessageLayout.causeSeq(buffer, offset) <= journalSeq) {
              target.outboundLog().append(buffer, offset, length);
            }
          })) {}
    }
  }

  /** Copies the files, as a backup and its restoration do. */
  static void copyFiles(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static void copy(QueueReader reader, MessageLog log, LongPredicate wanted) {
    while (reader.readNext(
        (buffer, offset, length) -> {
          if (wanted.test(reader.side().sequence(buffer, offset))) {
            log.append(buffer, offset, length);
          }
        })) {}
  }

  private static byte[] record(Path dir, Side side, long sequence) {
    byte[][] record = {null};
    try (JournalDirectory journal = JournalDirectory.openReadOnly(dir)) {
      QueueReader reader =
          side == Side.INBOUND ? journal.inboundReader() : journal.outboundReader();
      reader.seekToSequence(sequence);
      reader.readNext(
          (buffer, offset, length) -> {
            record[0] = new byte[length];
            buffer.getBytes(offset, record[0]);
          });
    }
    return record[0];
  }

  private static int indexOf(byte[] bytes, int length, byte[] wanted) {
    for (int i = 0; i + wanted.length <= length; i++) {
      if (bytes[i] == wanted[0]
          && Arrays.mismatch(bytes, i, i + wanted.length, wanted, 0, wanted.length) < 0) {
        return i;
      }
    }
    return -1;
  }

  /** As if the damage had been there when the checksums were made. */
  static void forgetSums(Path journal) throws IOException {
    for (Side side : Side.values()) {
      for (Path sums : SumFile.list(journal.resolve(side.folder()))) {
        Files.delete(sums);
      }
    }
  }
}
