package io.semnal.server;

import io.semnal.core.ingress.MessageLog;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/** Damages journals on purpose. */
final class JournalSurgery {
  private JournalSurgery() {}

  /** The first outbound message of a template: its outSeq and bytes. */
  record Found(long outSeq, byte[] bytes) {}

  static Found findOutbound(Path journal, int templateId) {
    List<Found> found = new ArrayList<>();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.outboundReader()) {
      while (found.isEmpty()
          && reader.readNext(
              (buffer, offset, length) -> {
                if (MessageLayout.templateId(buffer, offset) == templateId) {
                  byte[] bytes = new byte[length];
                  buffer.getBytes(offset, bytes);
                  found.add(new Found(MessageLayout.outSeq(buffer, offset), bytes));
                }
              })) {
        // Until the first.
      }
    }
    if (found.isEmpty()) {
      throw new AssertionError("no outbound message of template " + templateId);
    }
    return found.getFirst();
  }

  /** Flips one bit of a message where it lies on disk; {@code at} counts from the SBE header. */
  static void flipByte(Path journal, Found message, int at) throws IOException {
    try (Stream<Path> files = Files.list(journal.resolve("outbound"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".cq4")).toList()) {
        if (flipIn(file, message.bytes(), at)) {
          return;
        }
      }
    }
    throw new AssertionError("message " + message.outSeq() + " is in no file");
  }

  private static boolean flipIn(Path file, byte[] bytes, int at) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      MappedByteBuffer map =
          access.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, access.length());
      UnsafeBuffer view = new UnsafeBuffer(map);
      long first = new UnsafeBuffer(bytes).getLong(0, ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i + bytes.length <= view.capacity(); i += 4) {
        if (view.getLong(i, ByteOrder.LITTLE_ENDIAN) == first && matches(view, i, bytes)) {
          view.putByte(i + at, (byte) (view.getByte(i + at) ^ 1));
          map.force();
          return true;
        }
      }
    }
    return false;
  }

  private static boolean matches(UnsafeBuffer view, int index, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (view.getByte(index + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Copies a journal, leaving one inbound message out. */
  static void copyWithout(Path from, Path to, long journalSeq) throws IOException {
    try (JournalDirectory source = JournalDirectory.openReadOnly(from);
        JournalDirectory target = JournalDirectory.open(to, "FAST_DAILY");
        QueueReader inbound = source.inboundReader();
        QueueReader outbound = source.outboundReader();
        MessageLog inboundLog = target.inboundLog();
        MessageLog outboundLog = target.outboundLog()) {
      while (inbound.readNext(
          (buffer, offset, length) -> {
            if (MessageLayout.journalSeq(buffer, offset) != journalSeq) {
              inboundLog.append(buffer, offset, length);
            }
          })) {
        // All of it.
      }
      while (outbound.readNext(outboundLog::append)) {
        // All of it.
      }
      copyModels(source.models(), target.models());
    }
  }

  private static void copyModels(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }
}
