package io.semnal.journal;

import io.semnal.core.engine.ModelPin;
import java.util.List;

/**
 * What the header of a run says.
 *
 * @param runId from 1
 * @param headerSeq {@code journalSeq} of the header
 * @param time engine time of the header
 * @param epoch rises when numbering went on past a lost tail
 * @param outSeqBefore last {@code outSeq} before the run
 * @param warmFromSeq {@code journalSeq} from which earlier messages warm the features up; 0 = none
 * @param wallTime wall clock at the start
 * @param sourceClock whether engine time came from the sources
 * @param build build that wrote the run
 * @param engineText the engine's configuration
 * @param models models at the start of the run
 */
public record RunInfo(
    long runId,
    long headerSeq,
    long time,
    int epoch,
    long outSeqBefore,
    long warmFromSeq,
    long wallTime,
    boolean sourceClock,
    String build,
    String engineText,
    List<ModelPin> models) {
  public RunInfo {
    models = List.copyOf(models);
  }
}
