package io.semnal.gateway.rest;

import io.semnal.core.ingress.MessageHandler;

/** What the edge loop knows without a look into the journal. Loop thread. */
public interface EdgeState {
  Catalogue catalogue();

  /** The latest quote of each instrument, as viewers get it. */
  void quotes(MessageHandler handler);
}
