package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.semnal.core.access.MasterKey;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.TimeSyncDecoder;
import io.semnal.protocol.sbe.TimeSyncEncoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.FrameChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The secrets of a key file are encrypted, and then encrypted under another master key, by
 * processes beside a server that runs: sessions go on, logins work, the old master key opens
 * nothing, and nobody says a secret.
 */
class MasterKeyOnRunningServerTest {
  private static final String OTHER_MASTER =
      "is sealed under another master key than the one given";

  @TempDir private Path folder;
  private final StringBuilder said = new StringBuilder();
  private ServerSetup setup;

  private Path master(String name) throws IOException {
    Path file = folder.resolve(name + ".master");
    CommandRun.done("keys", "make-master", "--out=" + file);
    return file;
  }

  private SemnalProcess start(Path master, String... args) throws IOException {
    return SemnalProcess.start(
        folder, Map.of(MasterKey.FILE_VARIABLE, master.getFileName().toString()), args);
  }

  /** Runs {@code semnal keys …} as an operator would. */
  private void keys(Path master, String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of("keys", args[0], "--keys-file=keys.conf"));
    all.addAll(Arrays.asList(args).subList(1, args.length));
    try (SemnalProcess process = start(master, all.toArray(String[]::new))) {
      int exit = process.await(ServerSetup.PATIENCE);
      said.append(process.output());
      assertThat(exit).as(process.output()).isZero();
    }
  }

  private SemnalProcess server(Path master) throws Exception {
    SemnalProcess server = start(master, "run", "--config=server.conf", "-Dgateway.heartbeat=300s");
    server.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("ready after "));
    return server;
  }

  private ClientKey key(String id) throws IOException {
    return ClientKey.read(folder.resolve(id + ".key"));
  }

  private FrameChannel login(String id) throws IOException {
    FrameChannel channel =
        FrameChannel.connect(
            new InetSocketAddress("127.0.0.1", setup.tcpPort()), ServerSetup.PATIENCE);
    channel.login(Role.CLIENT, key(id), "master key test", ServerSetup.PATIENCE);
    return channel;
  }

  private void logsIn(String id) throws IOException {
    try (FrameChannel channel = login(id)) {
      answers(channel);
    }
  }

  /** The session stands: what it asks is answered. */
  private static void answers(FrameChannel channel) throws IOException {
    new TimeSyncEncoder()
        .wrapAndApplyHeader(channel.outBuffer(), channel.claim(64), new MessageHeaderEncoder())
        .clientSend(System.nanoTime())
        .serverReceive(MessageLayout.ABSENT)
        .serverSend(MessageLayout.ABSENT);
    channel.commit(MessageLayout.HEADER + TimeSyncEncoder.BLOCK_LENGTH);
    boolean[] answered = {false};
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    while (!answered[0]) {
      channel.flush();
      channel.poll(
          (buffer, offset, length) ->
              answered[0] |=
                  MessageLayout.templateId(buffer, offset) == TimeSyncDecoder.TEMPLATE_ID,
          10);
      if (System.nanoTime() - deadline > 0) {
        fail("no answer to a TimeSync");
      }
      channel.await(100);
    }
  }

  @Test
  void secretsAreSealedAndSealedAnewUnderLiveSessions() throws Exception {
    setup = new ServerSetup(folder);
    Path first = master("first");
    Path second = master("second");
    Path file = folder.resolve("keys.conf");
    CommandRun.done(
        "keys",
        "create",
        "--keys-file=" + file,
        "--id=desk",
        "--role=client",
        "--out=" + folder.resolve("desk.key"));
    assertThat(Files.readString(file)).contains(hex(key("desk").secret()));
    try (SemnalProcess server = server(first);
        FrameChannel session = login("desk")) {
      assertThat(server.output())
          .contains("secrets in the clear: 'semnal keys encrypt' seals them");
      keys(first, "encrypt");
      assertThat(Files.readString(file))
          .contains("sealed")
          .doesNotContain(hex(key("desk").secret()));
      // A change that is seen: what it is read from is sealed.
      keys(first, "create", "--id=next", "--role=client", "--out=next.key");
      server.awaitLine(ServerSetup.PATIENCE, line -> line.contains("changed and was read again"));
      logsIn("desk");
      logsIn("next");
      answers(session);
      keys(first, "rotate-master", "--new-master-file=second.master");
      server.awaitLine(ServerSetup.PATIENCE, line -> line.contains(OTHER_MASTER));
      logsIn("next");
      answers(session);
      server.stop();
      said.append(server.output());
    }
    try (SemnalProcess refused = start(first, "run", "--config=server.conf")) {
      assertThat(refused.await(ServerSetup.PATIENCE)).isNotZero();
      assertThat(refused.output()).contains(OTHER_MASTER);
      said.append(refused.output());
    }
    try (SemnalProcess server = server(second)) {
      logsIn("desk");
      logsIn("next");
      server.stop();
      said.append(server.output());
    }
    nobodySaidASecret(first, second);
  }

  private void nobodySaidASecret(Path... masters) throws IOException {
    List<byte[]> secrets = new ArrayList<>(List.of(key("desk").secret(), key("next").secret()));
    for (Path master : masters) {
      secrets.add(HexFormat.of().parseHex(Files.readString(master).strip()));
    }
    assertThat(said.toString()).contains("the secrets of keys.conf are encrypted");
    for (byte[] secret : secrets) {
      assertThat(said.toString().toLowerCase(Locale.ROOT))
          .doesNotContain(HexFormat.of().formatHex(secret, 0, 8));
      assertThat(said.toString())
          .doesNotContain(Base64.getEncoder().encodeToString(secret).substring(0, 10));
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
