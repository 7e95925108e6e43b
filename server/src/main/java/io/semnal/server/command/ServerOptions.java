package io.semnal.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.AdminClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** {@code --server} and {@code --key-file}: a champion for a server that runs, or at its start. */
final class ServerOptions {
  /** Both or none. */
  private static final class Server {
    @Option(
        names = "--server",
        required = true,
        paramLabel = "URL",
        description =
            "Admin port of a server that runs with this registry, such as http://127.0.0.1:7104: it"
                + " takes the champion up between two ticks, or stays with the old one.")
    private URI uri;

    @Option(
        names = "--key-file",
        required = true,
        paramLabel = "FILE",
        description = "Key of a client that is admin there.")
    private Path keyFile;
  }

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  @ArgGroup(exclusive = false)
  private Server server;

  /** Makes a verified version the champion of its name, in the server first where one is named. */
  void promote(ModelRegistry registry, String name, int version) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String reference = name + "@" + version;
    if (server == null) {
      registry.setAlias(name, ModelRegistry.CHAMPION, version);
      out.println(reference + " is the champion now; a server takes it up when it starts");
    } else {
      activate(reference, out);
      registry.setAlias(name, ModelRegistry.CHAMPION, version);
    }
    out.flush();
  }

  /** Makes the champion before the present one champion again. */
  void rollback(ModelRegistry registry, String name) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    int before = registry.card(name).version();
    int version = registry.rollback(name);
    if (server != null) {
      try {
        activate(name + "@" + version, out);
      } catch (IOException | CommandFailure e) {
        registry.setAlias(name, ModelRegistry.CHAMPION, before);
        throw e;
      }
    }
    out.println(name + "@" + version + " is the champion again");
    out.flush();
  }

  private void activate(String reference, PrintWriter out) throws IOException {
    if (!"http".equals(server.uri.getScheme()) || server.uri.getHost() == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--server is '" + server.uri + "', not http://HOST:PORT");
    }
    try (AdminClient admin = new AdminClient(server.uri, ClientKey.read(server.keyFile))) {
      JsonNode answer = admin.promote(reference);
      long seq = answer.path("journalSeq").asLong();
      out.println(
          "the server scores with "
              + answer.path("model").asText()
              + " by "
              + answer.path("scorer").asText()
              + (seq == 0 ? ", as before" : " from journalSeq " + seq + " on"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while the server activates " + reference, e);
    }
  }
}
