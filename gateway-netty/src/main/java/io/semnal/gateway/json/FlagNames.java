package io.semnal.gateway.json;

/** The names of the schema's bit sets, by bit. */
final class FlagNames {
  static final String[] QUOTE = {
    "crossed",
    "locked",
    "stale",
    "late",
    "duplicate",
    "spike",
    "conflated",
    "futureTime",
    "simulated"
  };
  static final String[] BAR = {
    "crossed",
    "locked",
    "stale",
    "late",
    "spike",
    "conflated",
    "gap",
    "partial",
    "offHours",
    "historical",
    "simulated"
  };
  static final String[] CHANNELS = {"signals", "scores", "bars", "quotes", "status"};

  private FlagNames() {}
}
