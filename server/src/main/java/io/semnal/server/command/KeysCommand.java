package io.semnal.server.command;

import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyFile;
import io.semnal.core.access.KeyMaker;
import io.semnal.core.access.MasterKey;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The keys by which clients and feeds prove who they are. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = {
      "Makes, lists and revokes the keys by which clients and feeds prove who they are.",
      "No secret is printed or taken on the command line: secrets go from file to file. Where"
          + " SEMNAL_MASTER_KEY_FILE (or SEMNAL_MASTER_KEY) is set, secrets are written encrypted.",
      "A server that runs reads its key file again within a second of a change."
    },
    subcommands = {
      KeysRotate.class,
      KeysSeal.Encrypt.class,
      KeysSeal.RotateMaster.class,
      KeysSeal.MakeMaster.class
    },
    synopsisSubcommandLabel =
        "(create | list | revoke | rotate | encrypt | rotate-master | make-master)")
public final class KeysCommand implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Say 'create', 'list' or 'revoke'.");
  }

  /** How a key is proven. */
  public enum Type {
    hmac,
    ed25519
  }

  /** Who a key is for. */
  public enum Holder {
    client,
    feed
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Adds a key to the server's key file, and writes the holder's own file.",
        "The holder's file is what 'semnal listen' and 'semnal feed' take as --key-file. The"
            + " server's file is made if it is not there; otherwise it is written anew, and comments"
            + " in it are lost.",
        "A client may have two live keys: create the second, give it out, revoke the first."
      })
  int create(
      @Mixin ConfigOptions options,
      @Option(
              names = "--id",
              required = true,
              paramLabel = "ID",
              description = "Name of the key: 1 to 32 of A-Z a-z 0-9 . _ -")
          String id,
      @Option(
              names = "--role",
              required = true,
              paramLabel = "client|feed",
              description = "client: receives signals; feed: sends quotes.")
          Holder role,
      @Option(
              names = "--type",
              defaultValue = "hmac",
              paramLabel = "hmac|ed25519",
              description =
                  "hmac: a shared secret (default); ed25519: the server keeps the public half"
                      + " alone.")
          Type type,
      @Option(
              names = "--client",
              paramLabel = "NAME",
              description = "Whose key it is; by default the key's own id.")
          String owner,
      @Option(
              names = "--source",
              paramLabel = "NAME",
              description =
                  "feed: the source that its quotes are journaled under; by default the key's id.")
          String source,
      @Option(
              names = "--channels",
              split = ",",
              hideParamSyntax = true,
              paramLabel = "LIST",
              description =
                  "client: what it may read, of signals, scores, bars, quotes, status; by default"
                      + " all.")
          List<String> channels,
      @Option(names = "--admin", description = "client: may pause, resume and stop signals.")
          boolean admin,
      @Mixin KeyLimitOptions limits,
      @Option(
              names = "--keys-file",
              paramLabel = "FILE",
              description = "The server's key file; the configured one by default.")
          Path named,
      @Option(
              names = "--out",
              required = true,
              paramLabel = "FILE",
              description = "The holder's file to write; must not exist.")
          Path out)
      throws IOException {
    Path keysFile = options.keysFile(named);
    MasterKey master = MasterKey.from(System.getenv());
    List<ApiKey> keys = new ArrayList<>();
    if (Files.exists(keysFile)) {
      keys.addAll(KeyFile.open(keysFile, master).keys());
    }
    ApiKey key =
        role == Holder.feed
            ? feed(id, source, channels, admin)
            : client(id, source, channels, admin);
    key = limits.applyTo(key);
    ClientKey holder = new ClientKey(id, key.secret());
    if (type == Type.ed25519) {
      KeyMaker.Pair pair = KeyMaker.ed25519(id);
      key = key.provenBy(pair.publicKey());
      holder = pair.holder();
    }
    if (owner != null) {
      require(KeyMaker.isName(owner), "--client is not 1 to 32 of A-Z a-z 0-9 . _ -");
      key = key.of(owner, key.limits());
      if (keys.stream().filter(k -> k.client().equals(owner)).count() >= 2) {
        throw new CommandFailure(
            "client '" + owner + "' has two keys already: revoke one of them first");
      }
    }
    if (keys.stream().anyMatch(k -> k.id().equals(id))) {
      throw new CommandFailure(keysFile + " has a key '" + id + "' already");
    }
    if (Files.exists(out)) {
      throw new CommandFailure(out + " exists already, and is not written over");
    }
    keys.add(key);
    keys.sort(Comparator.comparing(ApiKey::id));
    KeyMaker.writeClientKey(out, holder);
    try {
      KeyMaker.write(keysFile, keys, master);
    } catch (IOException e) {
      Files.deleteIfExists(out);
      throw e;
    }
    PrintWriter text = sub("create").getOut();
    text.printf("key '%s' (%s) added to %s; its holder's file is %s%n", id, role, keysFile, out);
    text.println("A server that runs knows it within a second.");
    text.flush();
    return 0;
  }

  private ApiKey client(String id, String source, List<String> channels, boolean admin) {
    require(KeyMaker.isName(id), "--id is '" + id + "', not 1 to 32 of A-Z a-z 0-9 . _ -");
    require(source == null, "--source means nothing for a client");
    int bits = 0;
    for (Channel channel : Channel.values()) {
      bits |= channels == null || channels.contains(channel.wireName()) ? channel.bit() : 0;
    }
    if (channels != null) {
      List<String> known = Arrays.stream(Channel.values()).map(Channel::wireName).toList();
      for (String name : channels) {
        require(
            known.contains(name),
            "--channels names '" + name + "', which is none of " + String.join(", ", known));
      }
    }
    return KeyMaker.client(id, bits, admin);
  }

  private ApiKey feed(String id, String source, List<String> channels, boolean admin) {
    String name = source == null ? id : source;
    require(KeyMaker.isName(id), "--id is '" + id + "', not 1 to 32 of A-Z a-z 0-9 . _ -");
    require(KeyMaker.isName(name), "--source is '" + name + "', not 1 to 32 of A-Z a-z 0-9 . _ -");
    require(channels == null, "--channels means nothing for a feed");
    require(!admin, "--admin means nothing for a feed");
    return KeyMaker.feed(id, name);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new CommandLine.ParameterException(sub("create"), otherwise);
    }
  }

  private CommandLine sub(String name) {
    return spec.commandLine().getSubcommands().get(name);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the keys of a server's key file, without their secrets.")
  int list(
      @Mixin ConfigOptions options,
      @Option(
              names = "--keys-file",
              paramLabel = "FILE",
              description = "The server's key file; the configured one by default.")
          Path named)
      throws IOException {
    Path keysFile = options.keysFile(named);
    PrintWriter text = sub("list").getOut();
    List<ApiKey> keys = new ArrayList<>(KeyFile.open(keysFile).keys());
    keys.sort(Comparator.comparing(ApiKey::id));
    for (ApiKey key : keys) {
      text.printf("%-20s %s%n", key.id(), rights(key));
    }
    text.flush();
    return 0;
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = {
        "Takes a key out of a server's key file.",
        "A server that runs ends the sessions of that key, with the error REVOKED, within a"
            + " second."
      })
  int revoke(
      @Mixin ConfigOptions options,
      @Option(names = "--id", required = true, paramLabel = "ID", description = "The key.")
          String id,
      @Option(
              names = "--keys-file",
              paramLabel = "FILE",
              description = "The server's key file; the configured one by default.")
          Path named)
      throws IOException {
    Path keysFile = options.keysFile(named);
    MasterKey master = MasterKey.from(System.getenv());
    List<ApiKey> keys = new ArrayList<>(KeyFile.open(keysFile, master).keys());
    if (!keys.removeIf(key -> key.id().equals(id))) {
      throw new CommandFailure(keysFile + " has no key '" + id + "'");
    }
    keys.sort(Comparator.comparing(ApiKey::id));
    KeyMaker.write(keysFile, keys, master);
    PrintWriter text = sub("revoke").getOut();
    text.printf("key '%s' revoked in %s%n", id, keysFile);
    text.flush();
    return 0;
  }

  private static String rights(ApiKey key) {
    return scheme(key) + rightsAlone(key);
  }

  private static String scheme(ApiKey key) {
    String owner = key.client().equals(key.id()) ? "" : " of " + key.client();
    return (key.scheme() == AuthScheme.ED25519 ? "ed25519" : "hmac") + owner + ", ";
  }

  private static String rightsAlone(ApiKey key) {
    String instruments =
        key.allInstruments()
            ? "all instruments"
            : String.join(" ", new TreeSet<>(key.instruments()));
    if (key.role() == Role.FEED) {
      return "feed, sends as source " + key.source() + ", " + instruments;
    }
    String channels =
        Arrays.stream(Channel.values())
            .filter(c -> (key.channels() & c.bit()) != 0)
            .map(Channel::wireName)
            .collect(Collectors.joining(" "));
    return String.format(
        Locale.ROOT,
        "client, reads %s, %s%s%s",
        channels,
        instruments,
        key.admin() ? ", admin" : "",
        KeyLimitOptions.describe(key.limits()));
  }
}
