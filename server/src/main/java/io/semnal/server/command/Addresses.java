package io.semnal.server.command;

import java.net.InetSocketAddress;
import picocli.CommandLine;

/** Addresses as users write them. */
final class Addresses {
  private Addresses() {}

  /** Reads {@code HOST:PORT}. */
  static InetSocketAddress parse(CommandLine command, String text) {
    int colon = text.lastIndexOf(':');
    try {
      InetSocketAddress address =
          new InetSocketAddress(
              text.substring(0, Math.max(colon, 0)), Integer.parseInt(text.substring(colon + 1)));
      if (colon > 0 && !address.isUnresolved()) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Said below, in words.
    }
    throw new CommandLine.ParameterException(
        command, "'" + text + "' is not HOST:PORT of a host that is known");
  }
}
