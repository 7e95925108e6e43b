package io.semnal.gateway;

/** Whoever passed an engine command and waits until it stands in the journal. Loop thread. */
interface CommandWaiter {
  void onCommandJournaled(long requestId, long journalSeq);
}
