package io.semnal.journal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Gives blocks in the middle of a file back to its disk: Linux's {@code fallocate}. */
final class Holes {
  private static final int O_RDWR = 2;
  private static final int KEEP_SIZE_AND_PUNCH_HOLE = 1 | 2;

  private final MethodHandle open;
  private final MethodHandle fallocate;
  private final MethodHandle close;

  /**
   * @throws JournalException where the system has no such call
   */
  Holes() {
    open =
        function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    fallocate =
        function(
            "fallocate",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG));
    close = function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new JournalException("this system has no " + name)),
        type);
  }

  /** The range reads as zeros afterwards; the file keeps its length. */
  void punch(Path file, long from, long length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(file.toAbsolutePath().toString());
      int descriptor = (int) open.invokeExact(name, O_RDWR);
      if (descriptor < 0) {
        throw new JournalException("cannot open " + file);
      }
      try {
        if ((int) fallocate.invokeExact(descriptor, KEEP_SIZE_AND_PUNCH_HOLE, from, length) != 0) {
          throw new JournalException("the file system of " + file + " cannot give blocks back");
        }
      } finally {
        int closed = (int) close.invokeExact(descriptor);
        assert closed == 0;
      }
    } catch (JournalException e) {
      throw e;
    } catch (Throwable e) {
      throw new JournalException("cannot give blocks of " + file + " back", e);
    }
  }
}
