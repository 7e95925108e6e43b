package io.semnal.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures what files really take on their disk. A queue's files are sparse: their length says
 * nothing, and Java does not tell their blocks, so Linux's {@code statx} is asked.
 *
 * @param files number of files
 * @param allocated bytes in blocks of the disk; the length where the system does not say
 * @param length bytes from the first to the last, holes included
 */
public record DiskUse(int files, long allocated, long length) {
  private static final int AT_FDCWD = -100;
  private static final int STATX_BLOCKS = 0x400;
  private static final int STRUCT_LENGTH = 256;

  /** The same on every architecture. */
  private static final int BLOCKS_OFFSET = 48;

  private static final int BLOCK = 512;
  private static final MethodHandle STATX = statx();

  /** Of a file, or of everything below a folder; nothing where there is neither. */
  public static DiskUse of(Path path) {
    if (!Files.exists(path)) {
      return new DiskUse(0, 0, 0);
    }
    try (Stream<Path> tree = Files.walk(path)) {
      List<Path> files = tree.filter(Files::isRegularFile).toList();
      long allocated = 0;
      long length = 0;
      for (Path file : files) {
        allocated += allocated(file);
        length += file.toFile().length();
      }
      return new DiskUse(files.size(), allocated, length);
    } catch (NoSuchFileException e) {
      // A file was pruned meanwhile: what there is now counts.
      return of(path);
    } catch (IOException e) {
      throw new JournalException("cannot read " + path, e);
    }
  }

  /** Bytes of a file's blocks. */
  static long allocated(Path file) {
    if (STATX == null) {
      return file.toFile().length();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(STRUCT_LENGTH, Long.BYTES);
      MemorySegment name = arena.allocateFrom(file.toAbsolutePath().toString());
      int result = (int) STATX.invokeExact(AT_FDCWD, name, 0, STATX_BLOCKS, buffer);
      return result == 0 ? buffer.get(ValueLayout.JAVA_LONG, BLOCKS_OFFSET) * BLOCK : 0;
    } catch (Throwable e) {
      throw new JournalException("cannot ask for the blocks of " + file, e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle statx() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("statx")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS)))
        .orElse(null);
  }
}
