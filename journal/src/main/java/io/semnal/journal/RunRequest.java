package io.semnal.journal;

import io.semnal.core.engine.ModelPin;
import java.time.Duration;
import java.util.List;

/**
 * The run that a starting process wants.
 *
 * @param build this build's name
 * @param engineText the engine's configuration, rendered canonically
 * @param models the models that its strategies refer to now; empty = the last run goes on with its
 *     own, a new one leaves the choice to the engine factory
 * @param follows for each of them whether its strategies take what becomes the champion of its
 *     name, instead of staying with one version; empty = all do
 * @param sourceClock whether engine time comes from the sources
 * @param time engine time now; the journal's last time if that is later
 * @param wallTime wall clock, for the record only
 * @param warmUp engine time back from the journal's tail from which earlier inbound messages warm
 *     the features of a new run up
 * @param history whether that is what should warm them up
 */
public record RunRequest(
    String build,
    String engineText,
    List<ModelPin> models,
    List<Boolean> follows,
    boolean sourceClock,
    long time,
    long wallTime,
    Duration warmUp,
    HistoryChoice history) {
  public RunRequest {
    follows = List.copyOf(follows);
    models = List.copyOf(models);
  }

  /** Earlier messages warm up, and the last run goes on wherever it can. */
  public RunRequest(
      String build,
      String engineText,
      List<ModelPin> models,
      boolean sourceClock,
      long time,
      long wallTime,
      Duration warmUp) {
    this(
        build,
        engineText,
        models,
        List.of(),
        sourceClock,
        time,
        wallTime,
        warmUp,
        HistoryChoice.EARLIER_MESSAGES);
  }
}
