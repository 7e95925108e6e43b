package io.semnal.feed.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what feeds do wrong: a line a second at most. One thread. */
final class FeedLog {
  private static final Logger LOG = LoggerFactory.getLogger(FeedListener.class);
  private static final long LOG_EVERY = 1_000_000_000L;

  private long nextLog = System.nanoTime();
  private long unlogged;

  void log(String peer, String what) {
    long now = System.nanoTime();
    if (now - nextLog < 0) {
      unlogged++;
      return;
    }
    if (unlogged > 0) {
      LOG.warn("feed {}: {} ({} more since the last line)", peer, what, unlogged);
    } else {
      LOG.warn("feed {}: {}", peer, what);
    }
    unlogged = 0;
    nextLog = now + LOG_EVERY;
  }
}
