package io.semnal.server.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The signals of two journals of the same inbound messages, side by side. Two signals are the same
 * if strategy, instrument, timeframe, type, time and cause are; they may differ in levels or
 * strength.
 */
final class SignalComparison {
  /** Signals of one group. */
  static final class Count {
    long journal;
    long other;
    long same;
    long otherLevels;
    long otherStrength;

    /** Only in the journal. */
    long onlyJournal() {
      return journal - both();
    }

    /** Only under the other configuration. */
    long onlyOther() {
      return other - both();
    }

    private long both() {
      return same + otherLevels + otherStrength;
    }

    void add(Count more) {
      journal += more.journal;
      other += more.other;
      same += more.same;
      otherLevels += more.otherLevels;
      otherStrength += more.otherStrength;
    }
  }

  private final Map<PublishedSignal.Group, Count> counts = new TreeMap<>();
  private final Map<PublishedSignal.Group, OutcomeCount> journalOutcomes;
  private final Map<PublishedSignal.Group, OutcomeCount> otherOutcomes;

  private SignalComparison(PublishedSide journal, PublishedSide other) {
    compare(journal, other);
    journalOutcomes = journal.outcomes();
    otherOutcomes = other.outcomes();
  }

  /** Reads both to their ends. */
  static SignalComparison of(PublishedSide journal, PublishedSide other) {
    return new SignalComparison(journal, other);
  }

  Map<PublishedSignal.Group, Count> counts() {
    return counts;
  }

  Map<PublishedSignal.Group, OutcomeCount> journalOutcomes() {
    return journalOutcomes;
  }

  Map<PublishedSignal.Group, OutcomeCount> otherOutcomes() {
    return otherOutcomes;
  }

  Count total() {
    Count total = new Count();
    counts.values().forEach(total::add);
    return total;
  }

  boolean isIdentical() {
    Count total = total();
    return total.same == total.journal && total.same == total.other;
  }

  /** Cause by cause: what one message caused fits into memory. */
  private void compare(PublishedSide journal, PublishedSide other) {
    Map<PublishedSignal.Key, PublishedSignal> ours = new HashMap<>();
    while (journal.peek() != null || other.peek() != null) {
      long cause = Math.min(cause(journal), cause(other));
      ours.clear();
      while (cause(journal) == cause) {
        PublishedSignal signal = journal.take();
        count(signal).journal++;
        ours.put(signal.key(), signal);
      }
      while (cause(other) == cause) {
        PublishedSignal signal = other.take();
        Count count = count(signal);
        count.other++;
        PublishedSignal same = ours.get(signal.key());
        if (same == null) {
          continue;
        }
        if (!signal.hasLevelsOf(same)) {
          count.otherLevels++;
        } else if (!signal.hasStrengthOf(same)) {
          count.otherStrength++;
        } else {
          count.same++;
        }
      }
    }
  }

  private static long cause(PublishedSide side) {
    PublishedSignal signal = side.peek();
    return signal == null ? Long.MAX_VALUE : signal.causeSeq();
  }

  private Count count(PublishedSignal signal) {
    return counts.computeIfAbsent(signal.key().group(), group -> new Count());
  }
}
