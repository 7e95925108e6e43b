package io.semnal.server.command;

import io.semnal.protocol.session.ClientTls;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** By what a command knows the server that it speaks TLS with. */
final class TrustOptions {
  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "TLS: trusts these certificates (PEM); by default those that Java trusts.")
  private Path trust;

  @Option(
      names = "--pin",
      paramLabel = "SHA256",
      description = "TLS: expects the one certificate with this fingerprint.")
  private String pin;

  /**
   * @param secure whether the address asks for TLS; where it does not, trust would mean nothing
   * @return {@code null} = in the clear
   */
  ClientTls of(CommandLine command, boolean secure, String schemes) throws IOException {
    if (pin != null && trust != null) {
      throw new CommandLine.ParameterException(
          command, "--trust and --pin exclude each other: a pin replaces trust");
    }
    if (!secure) {
      if (pin != null || trust != null) {
        throw new CommandLine.ParameterException(
            command, "--trust and --pin are for TLS, which " + schemes + " in --to asks for");
      }
      return null;
    }
    try {
      if (pin != null) {
        return ClientTls.pinned(pin);
      }
      return trust == null ? ClientTls.system() : ClientTls.trusting(trust, null);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(command, e.getMessage());
    }
  }
}
