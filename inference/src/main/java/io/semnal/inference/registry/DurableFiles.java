package io.semnal.inference.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Writes files so that after a crash they are there whole, or not at all. */
final class DurableFiles {
  private static final String STAGING = ".staging-";

  private DurableFiles() {}

  /** A new empty folder in {@code parent} that no reader takes for a finished one. */
  static Path stage(Path parent) throws IOException {
    Files.createDirectories(parent);
    return Files.createDirectory(parent.resolve(STAGING + UUID.randomUUID()));
  }

  /** Writes and syncs a new file. */
  static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /**
   * Gives a staged folder or file its name.
   *
   * @throws FileAlreadyExistsException where a folder of that name is there already
   */
  static void publish(Path staged, Path target) throws IOException {
    if (Files.isDirectory(staged)) {
      sync(staged);
    }
    try {
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // A taken name comes as "Directory not empty", which Java gives no type of its own here.
      if (Files.isDirectory(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      throw e;
    }
    sync(target.getParent());
  }

  /** Replaces a small file. */
  static void replace(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Path staged = file.resolveSibling(STAGING + UUID.randomUUID());
    try {
      write(staged, bytes);
      publish(staged, file);
    } finally {
      Files.deleteIfExists(staged);
    }
  }

  /** Adds a line to a log, which is made where it is not there. */
  static void append(Path log, byte[] line) throws IOException {
    Files.createDirectories(log.getParent());
    try (FileChannel channel =
        FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(line);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** Removes a finished folder; no reader sees half of it. */
  static void removeFolder(Path folder) throws IOException {
    Path aside = folder.resolveSibling(STAGING + UUID.randomUUID());
    publish(folder, aside);
    removeStaged(aside);
  }

  static void removeStaged(Path staged) throws IOException {
    if (!Files.isDirectory(staged)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(staged)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(staged);
  }

  /** Makes the names in a folder durable; Windows cannot open one, and does it by itself. */
  private static void sync(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Names in a folder, sorted; none where it does not exist. */
  static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (IOException e) {
      throw new ModelRefusedException("cannot list " + folder + ": " + e, e);
    }
    names.sort(null);
    return names;
  }
}
