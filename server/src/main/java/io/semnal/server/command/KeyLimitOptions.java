package io.semnal.server.command;

import io.semnal.core.access.ApiKey;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.KeyLimits;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** How much a new key's holder may have. */
final class KeyLimitOptions {
  private static final String NAME = "[A-Z0-9]{1,16}";

  @Option(
      names = "--instruments",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "LIST",
      description = "What it may read, or as a feed send; by default all.")
  private List<String> instruments;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "0",
      description = "client: sessions at a time, over all keys of the client; 0 = any number.")
  private int connections;

  @Option(
      names = "--messages-per-second",
      paramLabel = "N",
      defaultValue = "0",
      description = "client: what comes faster waits; 0 = any number.")
  private int messagesPerSecond;

  @Option(
      names = "--replay",
      paramLabel = "N",
      defaultValue = "0",
      description = "client: a resume may go back so many messages; 0 = any number.")
  private long replay;

  @Option(
      names = "--delay",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "client: everything comes so much later; 0 = at once.")
  private long delay;

  ApiKey applyTo(ApiKey key) {
    ApiKey limited = key;
    if (instruments != null) {
      for (String symbol : instruments) {
        if (!symbol.matches(NAME)) {
          throw new CommandFailure("--instruments names '" + symbol + "', which is no symbol");
        }
      }
      limited = limited.limitedTo(Set.copyOf(instruments));
    }
    if (connections < 0 || messagesPerSecond < 0 || replay < 0 || delay < 0) {
      throw new CommandFailure("no limit of a key is negative");
    }
    KeyLimits limits =
        new KeyLimits(connections, messagesPerSecond, replay, Duration.ofSeconds(delay));
    if (key.role() == Role.FEED && !limits.equals(KeyLimits.NONE)) {
      throw new CommandFailure("limits mean nothing for a feed");
    }
    return limited.of(key.client(), limits);
  }

  /** In a line of a list; empty where there are none. */
  static String describe(KeyLimits limits) {
    StringBuilder text = new StringBuilder();
    if (limits.connections() > 0) {
      text.append(", ").append(limits.connections()).append(" connection(s)");
    }
    if (limits.messagesPerSecond() > 0) {
      text.append(", ").append(limits.messagesPerSecond()).append(" messages/s");
    }
    if (limits.replay() > 0) {
      text.append(", back ").append(limits.replay()).append(" messages");
    }
    if (limits.isDelayed()) {
      text.append(", delayed by ").append(limits.delay().toSeconds()).append(" s");
    }
    return text.toString();
  }
}
