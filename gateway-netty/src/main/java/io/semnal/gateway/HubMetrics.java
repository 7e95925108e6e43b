package io.semnal.gateway;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;

/** The counters of one loop's sessions. */
final class HubMetrics {
  private final Counter messages;
  private final Counter loginsFailed;
  private final Counter revoked;
  private final Counter errors;
  private final Counter malformed;
  private final Counter slow;
  private final Counter slowWarnings;
  private final Counter replays;

  HubMetrics(Metrics metrics, String loop) {
    String label = "{loop=\"" + loop + "\"}";
    messages =
        metrics.counter(
            "gateway_outbound_total" + label, "Outbound messages that passed the sessions");
    loginsFailed =
        metrics.counter("gateway_logins_failed_total" + label, "Logins with a wrong proof");
    revoked =
        metrics.counter("gateway_revoked_total" + label, "Sessions ended because their key did");
    errors = metrics.counter("gateway_refused_total" + label, "Requests of clients refused");
    malformed =
        metrics.counter("gateway_malformed_total" + label, "Sessions ended by unreadable input");
    slow = metrics.counter("gateway_slow_total" + label, "Sessions ended because they were slow");
    slowWarnings =
        metrics.counter("gateway_slow_warnings_total" + label, "Warnings to slow sessions");
    replays = metrics.counter("gateway_replays_total" + label, "Replays from the journal begun");
  }

  void message() {
    messages.incrementOwned();
  }

  void loginFailed() {
    loginsFailed.incrementOwned();
  }

  void revoked() {
    revoked.incrementOwned();
  }

  void error() {
    errors.incrementOwned();
  }

  void malformed() {
    malformed.incrementOwned();
  }

  void slow() {
    slow.incrementOwned();
  }

  void slowWarning() {
    slowWarnings.incrementOwned();
  }

  void replay() {
    replays.incrementOwned();
  }
}
