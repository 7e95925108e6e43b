package io.semnal.gateway;

import java.util.concurrent.CompletableFuture;

/** What an operator can ask and do about the models of a running server, over HTTP. */
public interface ModelAdmin {
  /**
   * @param status of HTTP
   * @param json one object
   */
  record Answer(int status, String json) {}

  /** Which model scores for each strategy, as JSON. Answers at once, on the loop's thread. */
  String active();

  /** How far what is scored lies from what was trained on, as JSON. Answers at once, likewise. */
  String drift();

  /**
   * Makes a model the one that its name's strategies score with.
   *
   * @param reference {@code name@version}
   * @param keyId who asks
   * @return completed on any thread, once the model scores, or the old one is known to stay
   */
  CompletableFuture<Answer> promote(String reference, String keyId);
}
