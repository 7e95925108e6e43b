package io.semnal.journal;

import io.semnal.core.engine.ModelPin;
import java.util.List;
import java.util.Map;

/**
 * What a journal says about itself: how far its queues have come, its runs, its ids, and what is
 * wrong with it.
 *
 * @param inbound sequence and time of the last inbound message
 * @param outbound sequence and time of the last outbound message
 * @param lastCauseSeq {@code causeSeq} of the last outbound message; 0 = none
 * @param statusStreamSeq last {@code streamSeq} of the status channel's general topic
 * @param runs in order
 * @param runEnds last {@code journalSeq} of each run, in order
 * @param models of the last run, as its header lists them, with later activations taken in
 * @param instruments ids by symbol, as either queue has them
 * @param sources names of the sources, in the order of their ids
 * @param faults sentences that name what is wrong and where; empty = sound
 * @param standing outbound messages that hold at the end, in order: definitions, and open signals
 *     with their latest event
 * @param resumable from which a later scan can go on
 */
public record JournalState(
    Mark inbound,
    Mark outbound,
    long lastCauseSeq,
    long statusStreamSeq,
    List<RunInfo> runs,
    List<Long> runEnds,
    List<ModelPin> models,
    Map<String, Integer> instruments,
    List<String> sources,
    List<String> faults,
    List<byte[]> standing,
    byte[] resumable) {
  public JournalState {
    runs = List.copyOf(runs);
    runEnds = List.copyOf(runEnds);
    models = List.copyOf(models);
    instruments = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(instruments));
    sources = List.copyOf(sources);
    faults = List.copyOf(faults);
    standing = List.copyOf(standing);
  }

  /** Whether nothing was ever journaled. */
  public boolean isEmpty() {
    return inbound.sequence() == 0 && outbound.sequence() == 0;
  }

  /** The run that the journal ends in, or {@code null}. */
  public RunInfo lastRun() {
    return runs.isEmpty() ? null : runs.getLast();
  }

  /** The run that an inbound message belongs to, or {@code null}. */
  public RunInfo runAt(long journalSeq) {
    for (int i = runs.size() - 1; i >= 0; i--) {
      if (runs.get(i).headerSeq() <= journalSeq && journalSeq <= runEnds.get(i)) {
        return runs.get(i);
      }
    }
    return null;
  }

  /** Epoch of the last run; 0 = none. */
  public int epoch() {
    return runs.isEmpty() ? 0 : runs.getLast().epoch();
  }

  /**
   * Whether inbound messages are gone whose effects were published: the last published cause lies
   * beyond the inbound tail.
   */
  public boolean hasLostTail() {
    return lastCauseSeq > inbound.sequence();
  }

  /** The id of an instrument, or 0. */
  public int instrumentId(String symbol) {
    return instruments.getOrDefault(symbol, 0);
  }

  /** The id for an instrument that is not known yet. */
  public int nextInstrumentId() {
    return instruments.values().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
  }

  /**
   * @throws CorruptJournalException naming the first fault, if there is one
   */
  public JournalState requireSound() {
    if (!faults.isEmpty()) {
      throw new CorruptJournalException(
          faults.getFirst()
              + (faults.size() > 1 ? " (and " + (faults.size() - 1) + " more)" : "")
              + "; 'semnal journal salvage --to DIR' copies what is sound");
    }
    return this;
  }
}
