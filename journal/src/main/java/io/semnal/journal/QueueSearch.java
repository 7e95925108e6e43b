package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import java.io.File;
import java.util.List;
import java.util.function.Supplier;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds records in a queue by sequence, cause or time. None ever decreases along the queue, so a
 * search halves the files by their first records, which are remembered, then the records of one
 * file; a sequence without gaps is found by arithmetic.
 */
final class QueueSearch implements AutoCloseable {
  private static final long NONE = -1;

  private final JournalQueue source;
  private final SingleChronicleQueue queue;
  private final RollCycle roll;
  private final ExcerptTailer probe;
  private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
  private final MessageCheck check;

  /** What records are ordered by. */
  private enum Key {
    SEQUENCE,
    TIME,
    CAUSE
  }

  /**
   * @param checked whether what it goes by is held against checksums
   */
  QueueSearch(JournalQueue source, boolean checked) {
    this.source = source;
    queue = source.queue();
    check = checked ? new MessageCheck(source) : null;
    roll = queue.rollCycle();
    probe = queue.createTailer();
    probe.singleThreadedCheckDisabled(true);
  }

  boolean toSequence(ExcerptTailer tailer, long sequence) {
    return named(() -> move(tailer, find(Key.SEQUENCE, sequence)));
  }

  boolean toTime(ExcerptTailer tailer, long time) {
    return named(() -> move(tailer, find(Key.TIME, time)));
  }

  /** In a queue of outbound messages. */
  boolean toCause(ExcerptTailer tailer, long causeSeq) {
    return named(() -> move(tailer, find(Key.CAUSE, causeSeq)));
  }

  Mark oldest() {
    return named(this::first);
  }

  private Mark first() {
    for (int cycle : cycles()) {
      if (moveTo(cycle, 0)) {
        return mark(roll.toIndex(cycle, 0));
      }
    }
    return Mark.NONE;
  }

  /** Of a file's first record; {@link Mark#NONE} if it has none. */
  Mark firstOf(int cycle) {
    return named(() -> moveTo(cycle, 0) ? mark(roll.toIndex(cycle, 0)) : Mark.NONE);
  }

  Mark head() {
    return named(
        () -> {
          long index = lastIndex();
          return index == NONE ? Mark.NONE : mark(index);
        });
  }

  /** The library gives up on a damaged index after a while, in words of its own. */
  private <T> T named(Supplier<T> search) {
    try {
      return search.get();
    } catch (JournalException e) {
      throw e;
    } catch (RuntimeException | AssertionError | InternalError e) {
      throw new CorruptJournalException(
          "the index of " + source.folder() + " cannot be read: " + e, e);
    }
  }

  /** File and number of the record that a tailer stands at. */
  static String place(JournalQueue source, ExcerptTailer tailer) {
    if (tailer == null || tailer.state() == null) {
      return source.folder().toString();
    }
    File file = tailer.currentFile();
    long record = source.queue().rollCycle().toSequenceNumber(tailer.index());
    return (file == null ? source.folder().toString() : file.toString()) + ", record " + record;
  }

  private boolean move(ExcerptTailer tailer, long index) {
    if (index != NONE) {
      if (!tailer.moveToIndex(index)) {
        throw new CorruptJournalException("no way to " + place(source, tailer));
      }
      return true;
    }
    long last = lastIndex();
    if (last == NONE) {
      tailer.toStart();
    } else {
      tailer.moveToIndex(last);
      tailer.readingDocument().close();
    }
    return false;
  }

  private long find(Key by, long target) {
    List<Integer> cycles = cycles();
    int at = lastCycleBelow(cycles, by, target);
    if (at >= 0) {
      int cycle = cycles.get(at);
      if (by == Key.SEQUENCE) {
        long guess = target - firstKey(cycles, at, by);
        if (guess < roll.maxMessagesPerCycle()
            && moveTo(cycle, guess)
            && key(by, roll.toIndex(cycle, guess)) == target) {
          return roll.toIndex(cycle, guess);
        }
      }
      long count = records(cycle);
      long number = lowerBound(by, target, cycle, count);
      if (number < count) {
        return roll.toIndex(cycle, number);
      }
    }
    for (int i = at + 1; i < cycles.size(); i++) {
      if (moveTo(cycles.get(i), 0)) {
        return roll.toIndex(cycles.get(i), 0);
      }
    }
    return NONE;
  }

  /** Position of the last cycle whose first record lies below the target, or -1. */
  private int lastCycleBelow(List<Integer> cycles, Key by, long target) {
    int low = 0;
    int high = cycles.size() - 1;
    int found = -1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int filled = middle;
      while (filled <= high && !isFilled(cycles, filled)) {
        filled++;
      }
      if (filled > high || firstKey(cycles, filled, by) >= target) {
        high = middle - 1;
      } else {
        found = filled;
        low = filled + 1;
      }
    }
    return found;
  }

  private boolean isFilled(List<Integer> cycles, int at) {
    return at > 0 && source.firstRecords().containsKey(cycles.get(at)) || moveTo(cycles.get(at), 0);
  }

  /**
   * A file's first record never changes, but for that of the oldest file, which stands for what was
   * pruned. Opening a file costs some 50 µs: those are asked once.
   */
  private long firstKey(List<Integer> cycles, int at, Key by) {
    int cycle = cycles.get(at);
    long[] first = at == 0 ? null : source.firstRecords().get(cycle);
    if (first == null) {
      read(roll.toIndex(cycle, 0));
      first = new long[Key.values().length];
      for (Key key : Key.values()) {
        first[key.ordinal()] = viewed(key);
      }
      source.firstRecords().put(cycle, first);
    }
    return first[by.ordinal()];
  }

  /** Number of the first record in the cycle at or above the target, or {@code count}. */
  private long lowerBound(Key by, long target, int cycle, long count) {
    long low = 0;
    long high = count;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (key(by, roll.toIndex(cycle, middle)) < target) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long lastIndex() {
    List<Integer> cycles = cycles();
    for (int i = cycles.size() - 1; i >= 0; i--) {
      long count = records(cycles.get(i));
      if (count > 0) {
        return roll.toIndex(cycles.get(i), count - 1);
      }
    }
    return NONE;
  }

  /** Records in a cycle. A killed writer may have left the file's own count behind its records. */
  long records(int cycle) {
    long count = Math.max(0, probe.excerptsInCycle(cycle));
    while (moveTo(cycle, count)) {
      count++;
    }
    return count;
  }

  private boolean moveTo(int cycle, long number) {
    return probe.moveToIndex(roll.toIndex(cycle, number));
  }

  /** The queue's files by their numbers, the oldest first. */
  List<Integer> cycles() {
    int first = queue.firstCycle();
    if (first == Integer.MAX_VALUE) {
      return List.of();
    }
    return queue.listCyclesBetween(first, queue.lastCycle()).stream().map(Long::intValue).toList();
  }

  private long key(Key by, long index) {
    read(index);
    return viewed(by);
  }

  private Mark mark(long index) {
    read(index);
    return new Mark(viewed(Key.SEQUENCE), viewed(Key.TIME));
  }

  private long viewed(Key by) {
    Side side = source.side();
    return switch (by) {
      case SEQUENCE -> side.sequence(view, 0);
      case TIME -> side.time(view, 0);
      case CAUSE -> side == Side.INBOUND ? 0 : MessageLayout.causeSeq(view, 0);
    };
  }

  /** Lays the view over a record; it lies over the mapped file until the probe moves on. */
  private void read(long index) {
    if (!probe.moveToIndex(index)) {
      throw new CorruptJournalException("cannot find " + place(source, probe));
    }
    try (DocumentContext document = probe.readingDocument()) {
      if (!document.isPresent()) {
        throw new CorruptJournalException("cannot read " + place(source, probe));
      }
      int length = QueueReader.mapRecord(document, view, source.side());
      if (check != null) {
        check.lookAnew();
        check.require(probe, index, view, length);
      }
    }
  }

  @Override
  public void close() {
    view.wrap(0, 0);
    if (check != null) {
      check.release();
    }
    probe.close();
  }
}
