package io.semnal.feed.normalise;

/** Why a quote was not taken at all. */
public enum RejectReason {
  /** Bid or ask is zero, negative, absent or beyond any price. */
  BAD_PRICE("bad_price", "a price that is none"),
  /** The event time is absent, or before 1970 or after 2199. */
  BAD_TIME("bad_time", "a time that is none"),
  /** No instrument has this id. */
  UNKNOWN_INSTRUMENT("unknown_instrument", "an unknown instrument");

  private final String label;
  private final String text;

  RejectReason(String label, String text) {
    this.label = label;
    this.text = text;
  }

  /** The value of the metric's label {@code reason}. */
  public String label() {
    return label;
  }

  String text() {
    return text;
  }
}
