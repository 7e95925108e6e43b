package io.semnal.server.health;

import io.semnal.core.access.FileWatch;
import io.semnal.gateway.http.HealthCondition;
import io.semnal.gateway.http.HealthCondition.Code;
import io.semnal.inference.engine.SignalEngine;
import io.semnal.journal.Follower;
import io.semnal.journal.JournalDirectory;
import io.semnal.server.upkeep.SpaceWatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Gathers what is not as it should be with a server that runs. Any thread. */
public final class Health {
  /** Messages behind which the follower would make the next start a long one. */
  static final long FOLLOWER_BEHIND = 1_000_000;

  private static final long WARN_SECONDS = 14 * 86_400L;

  private final SignalEngine engine;
  private final Follower follower;
  private final JournalDirectory journal;
  private final LongSupplier journalSeq;
  private final SpaceWatch space;
  private final FeedSilence feeds;
  private final FileWatch files;
  private final Map<String, LongSupplier> certificates;

  /**
   * @param follower {@code null} = none
   * @param journal open for writing
   * @param journalSeq last inbound message that is journaled
   * @param certificates by what they are for: when each ends, seconds since the epoch
   */
  public Health(
      SignalEngine engine,
      Follower follower,
      JournalDirectory journal,
      LongSupplier journalSeq,
      SpaceWatch space,
      FeedSilence feeds,
      FileWatch files,
      Map<String, LongSupplier> certificates) {
    this.engine = engine;
    this.follower = follower;
    this.journal = journal;
    this.journalSeq = journalSeq;
    this.space = space;
    this.feeds = feeds;
    this.files = files;
    this.certificates = Map.copyOf(certificates);
  }

  /** What is wrong now, what keeps the server from its work first. */
  public List<HealthCondition> conditions() {
    List<HealthCondition> found = new ArrayList<>();
    pauses(found);
    add(found, feeds.condition());
    add(found, space.condition());
    follower(found);
    damage(found);
    files.problems().forEach(text -> add(found, Code.FILE_UNREADABLE, text));
    certificates.forEach((what, notAfter) -> certificate(found, what, notAfter.getAsLong()));
    return found;
  }

  private void pauses(List<HealthCondition> found) {
    int paused = engine.pausedSlots();
    int all = engine.slots();
    if (paused > 0 && paused == all) {
      add(found, Code.PAUSED, "new signals are paused by a command, until RESUME or UNKILL");
    } else if (paused > 0) {
      add(
          found,
          Code.PAUSED_IN_PART,
          "new signals of "
              + paused
              + " of "
              + all
              + " pairs of instrument and strategy are paused by a command");
    }
  }

  private void follower(List<HealthCondition> found) {
    if (follower == null) {
      return;
    }
    Follower.Status status = follower.status();
    switch (status.state()) {
      case DIFFERS -> add(found, Code.FOLLOWER_DIFFERS, status.problem());
      case STOPPED -> add(found, Code.FOLLOWER_STOPPED, status.problem());
      case STARTING, FOLLOWING -> {
        if (status.problem() != null) {
          add(found, Code.FOLLOWER_PROBLEM, status.problem());
        }
        long behind = journalSeq.getAsLong() - follower.journalSeq();
        if (behind > FOLLOWER_BEHIND) {
          add(
              found,
              Code.FOLLOWER_BEHIND,
              "the follower is " + behind + " messages behind: no snapshot is near");
        }
      }
    }
  }

  private void damage(List<HealthCondition> found) {
    if (journal.sums().problem() != null) {
      add(found, Code.CHECKSUMS_STOPPED, journal.sums().problem());
    }
    long refused = journal.damagedMessages();
    if (refused > 0) {
      add(
          found,
          Code.JOURNAL_DAMAGED,
          "a damaged message was asked for and not served, "
              + refused
              + " time(s); the log says which, 'semnal journal verify' what else is damaged");
    }
  }

  private static void certificate(List<HealthCondition> found, String what, long notAfter) {
    long left = notAfter - Instant.now().getEpochSecond();
    if (left < WARN_SECONDS) {
      add(
          found,
          Code.CERTIFICATE_EXPIRES,
          "the certificate of the "
              + what
              + (left < 0 ? " port ended on " : " port ends on ")
              + Instant.ofEpochSecond(notAfter));
    }
  }

  private static void add(List<HealthCondition> found, HealthCondition condition) {
    if (condition != null) {
      found.add(condition);
    }
  }

  private static void add(List<HealthCondition> found, Code code, String text) {
    found.add(new HealthCondition(code, text == null ? code.name() : text));
  }
}
