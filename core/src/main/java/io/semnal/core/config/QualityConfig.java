package io.semnal.core.config;

/**
 * What is done with a quote by its flag: {@code ACCEPT} as if it had none; {@code FLAG} takes it
 * into bars and features, marks the bar, and lets it fill no signal and score nothing; {@code DROP}
 * leaves it out of both (it stays journaled). A late quote never enters a bar, whatever is chosen.
 */
public record QualityConfig(
    Treatment crossed,
    Treatment locked,
    Treatment stale,
    Treatment duplicate,
    Treatment spike,
    Treatment conflated,
    Treatment futureTime) {
  /** See the class. */
  public enum Treatment {
    ACCEPT,
    FLAG,
    DROP
  }

  /** Every flag accepted. */
  public static QualityConfig acceptAll() {
    return new QualityConfig(
        Treatment.ACCEPT,
        Treatment.ACCEPT,
        Treatment.ACCEPT,
        Treatment.ACCEPT,
        Treatment.ACCEPT,
        Treatment.ACCEPT,
        Treatment.ACCEPT);
  }
}
