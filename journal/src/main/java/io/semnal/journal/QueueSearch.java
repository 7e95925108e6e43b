package io.semnal.journal;

import java.io.File;
import java.util.List;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds records in a queue by sequence or by time. Both never decrease along the queue, so a search
 * looks into one file per halving; a sequence without gaps is found by arithmetic.
 */
final class QueueSearch implements AutoCloseable {
  private static final long NONE = -1;

  private final JournalQueue source;
  private final SingleChronicleQueue queue;
  private final RollCycle roll;
  private final ExcerptTailer probe;
  private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

  /** What records are ordered by. */
  private enum Key {
    SEQUENCE,
    TIME
  }

  QueueSearch(JournalQueue source) {
    this.source = source;
    queue = source.queue();
    roll = queue.rollCycle();
    probe = queue.createTailer();
    probe.singleThreadedCheckDisabled(true);
  }

  boolean toSequence(ExcerptTailer tailer, long sequence) {
    return move(tailer, find(Key.SEQUENCE, sequence));
  }

  boolean toTime(ExcerptTailer tailer, long time) {
    return move(tailer, find(Key.TIME, time));
  }

  Mark oldest() {
    for (int cycle : cycles()) {
      if (moveTo(cycle, 0)) {
        return mark(roll.toIndex(cycle, 0));
      }
    }
    return Mark.NONE;
  }

  Mark head() {
    long index = lastIndex();
    return index == NONE ? Mark.NONE : mark(index);
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
      long count = count(cycle);
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
      while (filled <= high && !moveTo(cycles.get(filled), 0)) {
        filled++;
      }
      if (filled > high || key(by, roll.toIndex(cycles.get(filled), 0)) >= target) {
        high = middle - 1;
      } else {
        found = filled;
        low = filled + 1;
      }
    }
    return found;
  }

  /** Number of the first record in the cycle at or above the target, or {@code count}. */
  private long lowerBound(Key by, long target, int cycle, long count) {
    if (by == Key.SEQUENCE) {
      long guess = target - key(by, roll.toIndex(cycle, 0));
      if (guess < count && key(by, roll.toIndex(cycle, guess)) == target) {
        return guess;
      }
    }
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
      long count = count(cycles.get(i));
      if (count > 0) {
        return roll.toIndex(cycles.get(i), count - 1);
      }
    }
    return NONE;
  }

  /** Records in a cycle. A killed writer may have left the file's own count behind its records. */
  private long count(int cycle) {
    long count = Math.max(0, probe.excerptsInCycle(cycle));
    while (moveTo(cycle, count)) {
      count++;
    }
    return count;
  }

  private boolean moveTo(int cycle, long number) {
    return probe.moveToIndex(roll.toIndex(cycle, number));
  }

  private List<Integer> cycles() {
    int first = queue.firstCycle();
    if (first == Integer.MAX_VALUE) {
      return List.of();
    }
    return queue.listCyclesBetween(first, queue.lastCycle()).stream().map(Long::intValue).toList();
  }

  private long key(Key by, long index) {
    Mark mark = mark(index);
    return by == Key.SEQUENCE ? mark.sequence() : mark.time();
  }

  private Mark mark(long index) {
    if (!probe.moveToIndex(index)) {
      throw new CorruptJournalException("cannot find " + place(source, probe));
    }
    try (DocumentContext document = probe.readingDocument()) {
      if (!document.isPresent()) {
        throw new CorruptJournalException("cannot read " + place(source, probe));
      }
      QueueReader.mapRecord(document, view, source.side());
      return new Mark(source.side().sequence(view, 0), source.side().time(view, 0));
    }
  }

  @Override
  public void close() {
    view.wrap(0, 0);
    probe.close();
  }
}
