package io.semnal.server;

import io.semnal.core.metrics.Metrics;
import io.semnal.inference.engine.EngineCounters;
import io.semnal.journal.Follower;
import io.semnal.journal.JournalDirectory;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;

/** Shows the engine's own numbers and the rings' depths among the metrics. */
final class HostMetrics {
  private HostMetrics() {}

  /** How far the follower is behind, and whether it still says the same. */
  static void register(Metrics metrics, EngineHost host, Follower follower) {
    metrics.gauge(
        "follower_lag_messages",
        "Inbound messages that the follower has still to be given",
        () -> Math.max(0, host.ingress().journalSeq() - follower.journalSeq()));
    metrics.gauge(
        "follower_differs",
        "1 = the follower computes something else than was published",
        () -> follower.status().state() == Follower.State.DIFFERS ? 1 : 0);
    metrics.gauge(
        "follower_stopped",
        "1 = the follower cannot go on; no snapshots are written",
        () -> follower.status().state() == Follower.State.STOPPED ? 1 : 0);
    metrics.gauge("snapshots_total", "Snapshots that the follower wrote", follower::snapshots);
    metrics.gauge(
        "snapshot_journal_seq",
        "Last inbound message of the newest snapshot",
        () -> follower.status().snapshotSeq());
  }

  static void register(Metrics metrics, EngineHost host) {
    EngineCounters counters = host.engine().counters();
    metrics.gauge("engine_quotes", "Quotes seen by the engine in this process", counters::quotes);
    metrics.gauge("engine_quotes_late", "Late quotes among them", counters::quotesLate);
    metrics.gauge("engine_quotes_flagged", "Flagged quotes among them", counters::quotesFlagged);
    metrics.gauge(
        "engine_quotes_dropped", "Quotes left out by their flags", counters::quotesDropped);
    metrics.gauge("engine_bars", "Bars closed", counters::bars);
    for (ScoreReason reason : ScoreReason.values()) {
      if (reason != ScoreReason.NULL_VAL) {
        metrics.gauge(
            "engine_scores{reason=\"" + reason + "\"}", "Scores", () -> counters.scores(reason));
      }
    }
    for (SignalType type : SignalType.values()) {
      if (type != SignalType.NULL_VAL) {
        metrics.gauge(
            "engine_signals{type=\"" + type + "\"}", "Signals", () -> counters.signals(type));
      }
    }
    for (EndReason reason : EndReason.values()) {
      if (reason != EndReason.NULL_VAL && reason != EndReason.NONE) {
        metrics.gauge(
            "engine_signal_ends{reason=\"" + reason + "\"}",
            "Signals that ended",
            () -> counters.ends(reason));
      }
    }
    metrics.gauge("engine_open_signals", "Signals pending or active", counters::openSignals);
    registerSums(metrics, host.journal());
    metrics.gauge("ring_depth{ring=\"inbound\"}", "Messages in the ring", host.inbound()::depth);
    metrics.gauge("ring_depth{ring=\"outbound\"}", "Messages in the ring", host.outbound()::depth);
    metrics.gauge("ring_capacity{ring=\"inbound\"}", "The ring's slots", host.inbound()::slots);
    metrics.gauge("ring_capacity{ring=\"outbound\"}", "The ring's slots", host.outbound()::slots);
  }

  private static void registerSums(Metrics metrics, JournalDirectory journal) {
    metrics.gauge(
        "journal_sums_total", "Messages that were given a checksum", journal.sums()::summed);
    metrics.gauge(
        "journal_sums_stopped",
        "1 = new messages get no checksums until the next start",
        () -> journal.sums().problem() == null ? 0 : 1);
    metrics.gauge(
        "journal_damaged_messages_total",
        "Times a message was not served because it is not what was written",
        journal::damagedMessages);
    metrics.gauge(
        "journal_damaged_sums_total",
        "Times a message was served though its checksum was damaged",
        journal::damagedSums);
  }
}
