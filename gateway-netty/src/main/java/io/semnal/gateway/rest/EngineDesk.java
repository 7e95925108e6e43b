package io.semnal.gateway.rest;

import io.semnal.protocol.session.PeerKey;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** What an operator can see and do about sessions and the engine. Edge loop's thread. */
public interface EngineDesk {
  /** The sessions that stand, by id. */
  Collection<SessionRow> sessions();

  /**
   * Passes a command on in the key's name.
   *
   * @param json as a session's {@code engineCommand}
   * @return {@code journalSeq} of the command, once it stands in the journal
   */
  CompletionStage<Long> command(PeerKey key, byte[] json) throws Problem;
}
