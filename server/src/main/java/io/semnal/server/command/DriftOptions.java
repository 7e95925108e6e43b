package io.semnal.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.semnal.journal.JournalDirectory;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.AdminClient;
import io.semnal.server.model.JournalDrift;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a model's drift is asked for: a server that runs, or a journal. */
final class DriftOptions {
  /** Both or none. */
  private static final class Server {
    @Option(
        names = "--server",
        required = true,
        paramLabel = "URL",
        description = "Admin port of a server that runs, such as http://127.0.0.1:7104.")
    private URI uri;

    @Option(
        names = "--key-file",
        required = true,
        paramLabel = "FILE",
        description = "Key of a client that is admin there.")
    private Path keyFile;
  }

  /** One of them. */
  private static final class From {
    @ArgGroup(exclusive = false)
    private Server server;

    @Option(
        names = "--journal",
        paramLabel = "DIR",
        description = "A journal, whose last run is replayed for it; a server may be writing it.")
    private Path journal;
  }

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  @ArgGroup private From from;

  /**
   * Drift of one version.
   *
   * @return as the server's {@code GET /api/v1/models/drift} says it; with a {@code note} alone
   *     where the version scored nothing; nothing where nobody was named to ask
   */
  Optional<JsonNode> of(String reference) throws IOException {
    if (from == null) {
      return Optional.empty();
    }
    JsonNode all = from.server != null ? asked(from.server) : replayed(from.journal);
    for (JsonNode one : all.path("models")) {
      if (one.path("model").asText().equals(reference)) {
        return Optional.of(one);
      }
    }
    return Optional.of(
        JsonNodeFactory.instance
            .objectNode()
            .put("model", reference)
            .put("rows", 0)
            .put("note", "has scored nothing there"));
  }

  private JsonNode asked(Server server) throws IOException {
    if (!"http".equals(server.uri.getScheme()) || server.uri.getHost() == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--server is '" + server.uri + "', not http://HOST:PORT");
    }
    try (AdminClient admin = new AdminClient(server.uri, ClientKey.read(server.keyFile))) {
      return admin.drift();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while the server answers", e);
    }
  }

  private static JsonNode replayed(Path journal) throws IOException {
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal)) {
      return new ObjectMapper().readTree(JournalDrift.of(directory));
    }
  }
}
