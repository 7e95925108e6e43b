package io.semnal.server.command;

import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyFile;
import io.semnal.core.access.KeyMaker;
import io.semnal.core.access.MasterKey;
import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gives a key's holder another one with the same rights; both count until the old is revoked. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = {
      "Adds a key with the rights of another one, for the same client or source, and writes the"
          + " holder's own file.",
      "Both count: give the new one out, then revoke the old one. A client has at most two live"
          + " keys."
    })
final class KeysRotate implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "The key that is there.")
  private String id;

  @Option(
      names = "--new-id",
      required = true,
      paramLabel = "ID",
      description = "Name of the new key: 1 to 32 of A-Z a-z 0-9 . _ -")
  private String newId;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The holder's file to write; must not exist.")
  private Path out;

  @Option(
      names = "--keys-file",
      paramLabel = "FILE",
      description = "The server's key file; the configured one by default.")
  private Path named;

  @Override
  public Integer call() throws IOException {
    Path keysFile = options.keysFile(named);
    MasterKey master = MasterKey.from(System.getenv());
    List<ApiKey> keys = new ArrayList<>(KeyFile.open(keysFile, master).keys());
    ApiKey old =
        keys.stream()
            .filter(k -> k.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new CommandFailure(keysFile + " has no key '" + id + "'"));
    check(keysFile, keys, old);
    ClientKey holder;
    ApiKey next;
    if (old.scheme() == AuthScheme.ED25519) {
      KeyMaker.Pair pair = KeyMaker.ed25519(newId);
      holder = pair.holder();
      next = old.named(newId, new byte[0], pair.publicKey());
    } else {
      byte[] secret = KeyMaker.client(newId, 0, false).secret();
      holder = new ClientKey(newId, secret);
      next = old.named(newId, secret, new byte[0]);
    }
    keys.add(next);
    keys.sort(Comparator.comparing(ApiKey::id));
    KeyMaker.writeClientKey(out, holder);
    try {
      KeyMaker.write(keysFile, keys, master);
    } catch (IOException e) {
      Files.deleteIfExists(out);
      throw e;
    }
    spec.commandLine()
        .getOut()
        .printf(
            "key '%s' has the rights of '%s' in %s; its holder's file is %s%n"
                + "When it is in use: semnal keys revoke --id %s%n",
            newId, id, keysFile, out, id);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private void check(Path keysFile, List<ApiKey> keys, ApiKey old) {
    if (!KeyMaker.isName(newId)) {
      throw new CommandFailure("--new-id is not 1 to 32 of A-Z a-z 0-9 . _ -");
    }
    if (keys.stream().anyMatch(k -> k.id().equals(newId))) {
      throw new CommandFailure(keysFile + " has a key '" + newId + "' already");
    }
    if (old.role() == Role.CLIENT
        && keys.stream().filter(k -> k.client().equals(old.client())).count() >= 2) {
      throw new CommandFailure(
          "client '" + old.client() + "' has two keys already: revoke one of them first");
    }
    if (Files.exists(out)) {
      throw new CommandFailure(out + " exists already, and is not written over");
    }
  }
}
