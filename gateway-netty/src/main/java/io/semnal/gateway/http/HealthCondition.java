package io.semnal.gateway.http;

import io.semnal.gateway.json.JsonStrings;

/**
 * One thing that is not as it should be: a code for programs, a sentence for people.
 *
 * @param text never holds a secret
 */
public record HealthCondition(Code code, String text) {
  /** The names of all conditions. */
  public enum Code {
    /** The journal is brought to the present; nothing but the admin port answers yet. */
    RECOVERING(true),
    STARTING(true),
    STOPPING(true),
    /** Something ended the server's work. */
    FAULT(true),
    /** No new signals, by a command, everywhere. */
    PAUSED(true),
    /** No quote of any source for too long, while the market is open. */
    FEED_SILENT(true),
    /** New signals are paused, or are about to be, because the journal's disk is nearly full. */
    DISK_FULL(true),
    DISK_LOW(false),
    /** No new signals of some instruments or strategies, by a command. */
    PAUSED_IN_PART(false),
    /** A venue's session is not up, or the venue refused something; others may bring the prices. */
    FIX_SESSION(false),
    FOLLOWER_BEHIND(false),
    /** The follower computes something else than was published. */
    FOLLOWER_DIFFERS(false),
    FOLLOWER_STOPPED(false),
    /** Another problem of the follower's, such as a snapshot that could not be written. */
    FOLLOWER_PROBLEM(false),
    /** A message that is not what was written was asked for, and not served. */
    JOURNAL_DAMAGED(false),
    /** New messages get no checksums until the next start. */
    CHECKSUMS_STOPPED(false),
    /** A key or certificate file cannot be read; what was read before counts. */
    FILE_UNREADABLE(false),
    CERTIFICATE_EXPIRES(false);

    private final boolean unready;

    Code(boolean unready) {
      this.unready = unready;
    }

    /** Whether it keeps the server from its work, not just an operator from sleeping. */
    public boolean isUnready() {
      return unready;
    }
  }

  /** One condition as JSON. */
  public String json() {
    return "{\"code\":\"" + code + "\",\"text\":" + JsonStrings.of(text) + "}";
  }
}
