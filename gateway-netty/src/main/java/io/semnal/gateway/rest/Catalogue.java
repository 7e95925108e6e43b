package io.semnal.gateway.rest;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.gateway.json.Names;

/** The definitions that stand at one moment; never changed, any thread. */
public interface Catalogue extends Names {
  /** Every definition, in the order in which they first came. */
  void forEach(MessageHandler handler);
}
