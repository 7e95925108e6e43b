package io.semnal.gateway;

/** The latest message of each topic of one channel, for sessions that may get only that. */
interface LatestTopics {
  /** Writes the message taken last; many sessions may hold the same bytes. */
  void writeTaken(SessionOutput output);

  /** Everybody who gets it has the message taken last. */
  void letGo();

  /** Sequence of the message taken last. */
  long takenSeq();

  /**
   * Writes the latest message of a topic, and before it what was left out.
   *
   * @param firstHeld sequence of the first message that was not sent
   */
  void writeLatest(int topic, long firstHeld, SessionOutput output);
}
