package io.semnal.core.access;

import java.time.Duration;

/**
 * What one address may try at a port where keys are proven.
 *
 * @param connectionsPerAddress at a time; 0 = any number
 * @param loginsPerSecond from one address; 0 = any number
 * @param lockAfter wrong proofs in a row for one key from one address; 0 = never
 * @param lockFor the first lock; each further wrong proof doubles it
 * @param lockMost the longest lock
 */
public record LoginLimits(
    int connectionsPerAddress,
    int loginsPerSecond,
    int lockAfter,
    Duration lockFor,
    Duration lockMost) {
  /** As in the reference configuration. */
  public static final LoginLimits DEFAULT =
      new LoginLimits(0, 0, 5, Duration.ofSeconds(1), Duration.ofMinutes(5));
}
