package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.FrameChannel;
import io.semnal.protocol.session.LoginRefusedException;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.RequestProof;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code semnal keys …} beside a server that runs: the same files, and what comes of it. */
class KeysOnRunningServerTest {
  private static final Duration PATIENCE = ServerSetup.PATIENCE;
  private static final String RELOADED = "changed and was read again";

  @TempDir Path folder;
  private ServerSetup setup;

  private void keys(String... args) {
    List<String> all = new ArrayList<>(List.of("keys", args[0]));
    all.add("--keys-file=" + folder.resolve("keys.conf"));
    all.addAll(List.of(args).subList(1, args.length));
    CommandRun.done(all.toArray(String[]::new));
  }

  private ClientKey key(String id) throws IOException {
    return ClientKey.read(folder.resolve(id + ".key"));
  }

  private FrameChannel login(Role role, String id) throws IOException {
    int port = role == Role.FEED ? setup.feedPort() : setup.tcpPort();
    FrameChannel channel = FrameChannel.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE);
    try {
      channel.login(role, key(id), "keys test", PATIENCE);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private ErrorCode refusal(Role role, String id) throws IOException {
    try (FrameChannel channel = login(role, id)) {
      throw new AssertionError("let in: " + channel);
    } catch (LoginRefusedException e) {
      return e.code();
    }
  }

  /** Reads until the session ends with an error. */
  private static SessionErrorDecoder ended(FrameChannel channel) throws IOException {
    SessionErrorDecoder error = new SessionErrorDecoder();
    boolean[] found = {false};
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!found[0]) {
      int handled =
          channel.poll(
              (buffer, offset, length) -> {
                if (MessageLayout.templateId(buffer, offset) == SessionErrorDecoder.TEMPLATE_ID) {
                  error.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
                  found[0] = error.fatalRaw() == 1;
                }
              },
              1);
      if (handled == 0) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        channel.await(1_000);
      }
    }
    return error;
  }

  /** How often the server has read its key file anew. */
  private static void awaitReloads(SemnalProcess server, int count) throws InterruptedException {
    int[] seen = {0};
    server.awaitLine(PATIENCE, line -> line.contains(RELOADED) && ++seen[0] >= count);
  }

  @Test
  void createsRotatesAndRevokesUnderLiveSessions() throws Exception {
    setup = new ServerSetup(folder);
    Path audit = folder.resolve("audit.jsonl");
    // The sessions of this test say nothing while it waits.
    try (SemnalProcess server =
        setup.start("-Dgateway.auditFile=" + audit, "-Dgateway.heartbeat=300s")) {
      keys(
          "create",
          "--id=desk-1",
          "--role=client",
          "--client=desk",
          "--connections=2",
          "--out=" + folder.resolve("desk-1.key"));
      awaitReloads(server, 1);
      keys("rotate", "--id=desk-1", "--new-id=desk-2", "--out=" + folder.resolve("desk-2.key"));
      awaitReloads(server, 2);
      keys("create", "--id=lp", "--role=feed", "--out=" + folder.resolve("lp.key"));
      awaitReloads(server, 3);
      try (FrameChannel old = login(Role.CLIENT, "desk-1");
          FrameChannel next = login(Role.CLIENT, "desk-2")) {
        // Both are of one client, which may have two sessions.
        assertThat(refusal(Role.CLIENT, "desk-2")).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
        assertThat(refusal(Role.CLIENT, "lp")).isNotNull();
        assertThat(refusal(Role.FEED, "desk-2")).isNotNull();
        keys("revoke", "--id=desk-1");
        SessionErrorDecoder error = ended(old);
        assertThat(error.code()).isEqualTo(ErrorCode.REVOKED);
        assertThat(error.text()).isEqualTo("key 'desk-1' was revoked");
        assertThat(next.poll((buffer, offset, length) -> {}, 1)).isNotNegative();
        assertThat(refusal(Role.CLIENT, "desk-1")).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
        assertThat(rest(server, "desk-1")).isEqualTo(401);
        assertThat(rest(server, "desk-2")).isEqualTo(200);
        brokenFileLeavesTheKeys(server);
      }
      server.stop();
    }
    String written = Files.readString(audit);
    assertThat(written.lines())
        .anyMatch(l -> isEvent(l, "login", "desk-1"))
        .anyMatch(l -> isEvent(l, "revoked", "desk-1") && l.contains("REVOKED"))
        .anyMatch(l -> isEvent(l, "refused", "desk-1") && l.contains("AUTHENTICATION_FAILED"))
        .anyMatch(l -> isEvent(l, "refused", "lp"))
        .anyMatch(l -> l.contains("\"what\":\"reloaded\""))
        .allMatch(l -> l.startsWith("{\"time\":\"20"));
  }

  private static boolean isEvent(String line, String what, String key) {
    return line.contains("\"what\":\"" + what + "\",\"key\":\"" + key + "\"");
  }

  /** An operator's slip in the key file neither locks everybody out nor goes unseen. */
  private void brokenFileLeavesTheKeys(SemnalProcess server) throws Exception {
    Path file = folder.resolve("keys.conf");
    String good = Files.readString(file);
    Files.writeString(file, good + "\nkeys { broken = ");
    server.awaitLine(
        PATIENCE, line -> line.contains("cannot be read, what was read before counts"));
    assertThat(rest(server, "desk-2")).isEqualTo(200);
    assertThat(codes(server, "problems")).contains("FILE_UNREADABLE");
    Files.writeString(file, good);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (codes(server, "problems").contains("FILE_UNREADABLE")) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static List<String> codes(SemnalProcess server, String which) throws Exception {
    String line =
        server.lines().stream().filter(l -> l.startsWith("admin ")).findFirst().orElseThrow();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(line.substring(line.indexOf("http")))).build();
      JsonNode answer =
          new ObjectMapper()
              .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
      List<String> codes = new ArrayList<>();
      answer.get(which).forEach(n -> codes.add(n.get("code").asText()));
      return codes;
    }
  }

  private int rest(SemnalProcess server, String id) throws Exception {
    assertThat(server.isAlive()).isTrue();
    String path = "/api/v1/timeframes";
    RequestProof proof =
        RequestProof.sign(
            key(id), "GET", path, new byte[0], System.currentTimeMillis(), NonceSource.secure());
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + setup.wsPort() + path))
                  .header("Authorization", proof.header())
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
