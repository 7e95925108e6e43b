package io.semnal.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HelloEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.Role;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes();
  private static final byte[] RFC_PRIVATE =
      HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  private final TestKey alice = new TestKey("alice", SECRET, Role.CLIENT);
  private final KeyLookup keys = id -> id.equals("alice") ? alice : null;
  private final UnsafeBuffer toServer = new UnsafeBuffer(new byte[SessionWriter.MOST]);
  private final UnsafeBuffer toClient = new UnsafeBuffer(new byte[SessionWriter.MOST]);

  @Test
  void opensForRightKey() {
    ServerHandshake server = server(Role.CLIENT);
    ClientHandshake client = client(Role.CLIENT, "alice", SECRET);
    int length = client.hello(toServer, 0);
    length = server.onMessage(toServer, 0, length, toClient, 0);
    assertThat(server.state()).isEqualTo(ServerHandshake.State.AWAIT_PROOF);
    length = client.onMessage(toClient, 0, length, toServer, 0);
    assertThat(server.onMessage(toServer, 0, length, toClient, 0)).isZero();
    assertThat(server.state()).isEqualTo(ServerHandshake.State.OPEN);
    assertThat(server.key()).isSameAs(alice);
    SessionTerms terms =
        new SessionTerms(7, 3, 10, 20, 4, 99, 5000, 65536, true, 0b10101, "semnal");
    length = new SessionWriter().accepted(toClient, 0, terms);
    client.onMessage(toClient, 0, length, toServer, 0);
    assertThat(client.state()).isEqualTo(ClientHandshake.State.OPEN);
    assertThat(client.terms()).isEqualTo(terms);
  }

  /** Expected value computed with Python's hmac over the documented layout. */
  @Test
  void proofIsTheDocumentedHmac() {
    byte[] serverNonce = new byte[32];
    byte[] clientNonce = new byte[32];
    Arrays.fill(serverNonce, (byte) 1);
    Arrays.fill(clientNonce, (byte) 2);
    byte[] proof = Proof.compute(SECRET, serverNonce, clientNonce, Role.FEED, 0x0102, "clé");
    assertThat(HexFormat.of().formatHex(proof))
        .isEqualTo("b93aff3c6c34b9f7b670f8d86c1d69b168ad3524038349845504d56a6cae7d8c");
  }

  @Test
  void answersUnknownKeyExactlyAsWrongProof() {
    byte[] unknown = lastAnswer(client(Role.CLIENT, "bob", SECRET));
    byte[] wrong = lastAnswer(client(Role.CLIENT, "alice", "wrong".getBytes()));
    assertThat(unknown).isEqualTo(wrong);
    assertThat(rejectCode(unknown)).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
  }

  @Test
  void tellsWrongRoleOnlyToTheHolder() {
    ServerHandshake holder = run(server(Role.FEED), client(Role.FEED, "alice", SECRET));
    assertThat(holder.rejectCode()).isEqualTo(ErrorCode.NOT_ENTITLED);
    ServerHandshake stranger =
        run(server(Role.FEED), client(Role.FEED, "alice", "wrong".getBytes()));
    assertThat(stranger.rejectCode()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    ServerHandshake wrongDoor = run(server(Role.CLIENT), client(Role.FEED, "alice", SECRET));
    assertThat(wrongDoor.rejectCode()).isEqualTo(ErrorCode.NOT_ENTITLED);
  }

  @Test
  void refusesReplayedProof() {
    ServerHandshake first = server(Role.CLIENT);
    ClientHandshake client = client(Role.CLIENT, "alice", SECRET);
    UnsafeBuffer hello = new UnsafeBuffer(new byte[SessionWriter.MOST]);
    int helloLength = client.hello(hello, 0);
    int length = first.onMessage(hello, 0, helloLength, toClient, 0);
    UnsafeBuffer proof = new UnsafeBuffer(new byte[SessionWriter.MOST]);
    int proofLength = client.onMessage(toClient, 0, length, proof, 0);
    first.onMessage(proof, 0, proofLength, toClient, 0);
    assertThat(first.state()).isEqualTo(ServerHandshake.State.OPEN);
    ServerHandshake second = server(Role.CLIENT);
    second.onMessage(hello, 0, helloLength, toClient, 0);
    second.onMessage(proof, 0, proofLength, toClient, 0);
    assertThat(second.state()).isEqualTo(ServerHandshake.State.REJECTED);
  }

  @Test
  void refusesEveryChangedBitOfTheProof() {
    for (int bit = 0; bit < Proof.LENGTH * 8; bit++) {
      ServerHandshake server = server(Role.CLIENT);
      ClientHandshake client = client(Role.CLIENT, "alice", SECRET);
      int length = client.hello(toServer, 0);
      length = server.onMessage(toServer, 0, length, toClient, 0);
      length = client.onMessage(toClient, 0, length, toServer, 0);
      int index = length - Proof.LENGTH + bit / 8;
      toServer.putByte(index, (byte) (toServer.getByte(index) ^ 1 << bit % 8));
      server.onMessage(toServer, 0, length, toClient, 0);
      assertThat(server.state()).isEqualTo(ServerHandshake.State.REJECTED);
      assertThat(server.key()).isNull();
    }
  }

  @Test
  void refusesEmptyAndShortAndLongProofs() {
    for (int length : new int[] {0, 1, 31, 33, 64}) {
      ServerHandshake server = server(Role.CLIENT);
      server.onHello(1, 1, Role.CLIENT, AuthScheme.HMAC_SHA256, new byte[32], "alice", "");
      assertThat(server.onProof(new byte[length])).isEqualTo(ServerHandshake.State.REJECTED);
    }
  }

  @Test
  void negotiatesVersion() {
    assertThat(helloOf(1, 9).version()).isEqualTo(1);
    assertThat(helloOf(2, 9).rejectCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    assertThat(helloOf(0, 0).rejectCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    assertThat(helloOf(3, 1).rejectCode()).isEqualTo(ErrorCode.MALFORMED);
  }

  /** Key from RFC 8032, 7.1, test 1; the signature by OpenSSL over the documented layout. */
  @Test
  void signatureIsTheDocumentedEd25519() {
    byte[] serverNonce = new byte[32];
    byte[] clientNonce = new byte[32];
    Arrays.fill(serverNonce, (byte) 1);
    Arrays.fill(clientNonce, (byte) 2);
    byte[] message = Proof.message(serverNonce, clientNonce, Role.CLIENT, 1, "acme-1");
    assertThat(HexFormat.of().formatHex(Ed25519.sign(RFC_PRIVATE, message)))
        .isEqualTo(
            "7be780733b15078799443b93cc674696fe80062e0516f47eb61c257ba2369fd1"
                + "27fcf72727f86704775df6beb83663ed9f0627ba0f645cc25faa7cd786cac00e");
  }

  /** The vector of docs/protocol.md, by Python's hmac over the documented layout. */
  @Test
  void proofIsTheOneThatTheDocumentShows() {
    byte[] serverNonce = new byte[32];
    byte[] clientNonce = new byte[32];
    Arrays.fill(serverNonce, (byte) 1);
    Arrays.fill(clientNonce, (byte) 2);
    byte[] secret = new byte[32];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) i;
    }
    byte[] message = Proof.message(serverNonce, clientNonce, Role.CLIENT, 1, "acme-1");
    assertThat(HexFormat.of().formatHex(Proof.by(new ClientKey("acme-1", secret), message)))
        .isEqualTo("82916c367379d931c82d886eaf192b953e9048205cdc71b581e0249e5df85400");
  }

  /** The signature by the JDK's own key objects, made without this project's classes. */
  @Test
  void opensForASignatureOfTheJdkAndNoOther() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] publicKey = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    PeerKey acme = new SignedKey("acme", publicKey);
    byte[] clientNonce = new byte[32];
    Arrays.fill(clientNonce, (byte) 9);
    for (KeyPair by : new KeyPair[] {pair, other}) {
      ServerHandshake server = new ServerHandshake(Role.CLIENT, id -> acme, NonceSource.secure());
      server.onHello(1, 1, Role.CLIENT, AuthScheme.ED25519, clientNonce, "acme", "");
      ByteArrayOutputStream signed = new ByteArrayOutputStream();
      signed.writeBytes("semnal-session-1".getBytes(StandardCharsets.US_ASCII));
      signed.writeBytes(server.serverNonce());
      signed.writeBytes(clientNonce);
      signed.writeBytes(new byte[] {0, 1, 0});
      signed.writeBytes("acme".getBytes(StandardCharsets.US_ASCII));
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(by.getPrivate());
      signature.update(signed.toByteArray());
      server.onProof(signature.sign());
      assertThat(server.state())
          .isEqualTo(by == pair ? ServerHandshake.State.OPEN : ServerHandshake.State.REJECTED);
    }
  }

  @Test
  void opensForOurOwnClientsEd25519() {
    byte[] publicKey =
        HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    PeerKey acme = new SignedKey("acme", publicKey);
    ServerHandshake server = new ServerHandshake(Role.CLIENT, id -> acme, NonceSource.secure());
    ClientKey key = new ClientKey("acme", AuthScheme.ED25519, RFC_PRIVATE);
    run(server, new ClientHandshake(Role.CLIENT, key, "test", NonceSource.secure()));
    assertThat(server.state()).isEqualTo(ServerHandshake.State.OPEN);
    assertThat(key.toString()).doesNotContain("9d61");
  }

  /** The public key is no secret: who knows it must not get in by taking it for one. */
  @Test
  void aKeyIsProvenByItsOwnSchemeOnly() {
    byte[] publicKey =
        HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    PeerKey acme = new SignedKey("acme", publicKey);
    ServerHandshake server = new ServerHandshake(Role.CLIENT, id -> acme, NonceSource.secure());
    run(server, client(Role.CLIENT, "acme", publicKey));
    assertThat(server.rejectCode()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    ServerHandshake hmac = server(Role.CLIENT);
    ClientKey signer = new ClientKey("alice", AuthScheme.ED25519, RFC_PRIVATE);
    run(hmac, new ClientHandshake(Role.CLIENT, signer, "test", NonceSource.secure()));
    assertThat(hmac.rejectCode()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    assertThat(hmac.rejectText()).isEqualTo(server.rejectText());
  }

  @Test
  void requestsAreSignedByEitherScheme() {
    PeerKey acme =
        new SignedKey(
            "acme",
            HexFormat.of()
                .parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    byte[] body = {1};
    ClientKey signer = new ClientKey("acme", AuthScheme.ED25519, RFC_PRIVATE);
    String signed = RequestProof.sign(signer, "POST", "/x", body, 5, NonceSource.secure()).header();
    RequestProof read = RequestProof.parse(signed);
    assertThat(read.proves(acme, "POST", "/x", body)).isTrue();
    assertThat(read.proves(acme, "POST", "/y", body)).isFalse();
    assertThat(read.proves(alice, "POST", "/x", body)).isFalse();
    assertThat(read.proves(null, "POST", "/x", body)).isFalse();
    ClientKey shared = new ClientKey("alice", SECRET);
    read =
        RequestProof.parse(
            RequestProof.sign(shared, "POST", "/x", body, 5, NonceSource.secure()).header());
    assertThat(read.proves(alice, "POST", "/x", body)).isTrue();
    assertThat(read.proves(acme, "POST", "/x", body)).isFalse();
  }

  @Test
  void refusesMessagesOutOfTurn() {
    ServerHandshake server = server(Role.CLIENT);
    int length = new SessionWriter().heartbeat(toServer, 0, 1, 2, 3);
    server.onMessage(toServer, 0, length, toClient, 0);
    assertThat(server.rejectCode()).isEqualTo(ErrorCode.UNEXPECTED_MESSAGE);
    ClientHandshake client = client(Role.CLIENT, "alice", SECRET);
    length = client.hello(toServer, 0);
    assertThat(server.onMessage(toServer, 0, length, toClient, 0)).isZero();
    assertThat(server.state()).isEqualTo(ServerHandshake.State.REJECTED);
  }

  @Test
  void everyTruncationOfHelloIsMalformed() {
    int whole = client(Role.CLIENT, "alice", SECRET).hello(toServer, 0);
    for (int length = 0; length < whole; length++) {
      ServerHandshake server = server(Role.CLIENT);
      server.onMessage(toServer, 0, length, toClient, 0);
      assertThat(server.rejectCode()).isEqualTo(ErrorCode.MALFORMED);
    }
  }

  /** Whatever arrives, both sides answer by state, never by exception, and nobody gets in. */
  @Test
  void survivesRandomAndMutatedBytes() {
    Random random = new Random(42);
    ClientHandshake peer = client(Role.CLIENT, "alice", SECRET);
    int hello = peer.hello(toServer, 0);
    byte[] good = new byte[hello];
    toServer.getBytes(0, good);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = random.nextBoolean() ? good.clone() : new byte[random.nextInt(200)];
      if (bytes.length != hello) {
        random.nextBytes(bytes);
      }
      for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      UnsafeBuffer message = new UnsafeBuffer(bytes);
      ServerHandshake server = server(Role.CLIENT);
      server.onMessage(message, 0, bytes.length, toClient, 0);
      server.onMessage(message, 0, bytes.length, toClient, 0);
      assertThat(server.state()).isEqualTo(ServerHandshake.State.REJECTED);
      ClientHandshake client = client(Role.CLIENT, "alice", SECRET);
      client.hello(toServer, 0);
      client.onMessage(message, 0, bytes.length, toServer, 0);
      assertThat(client.state()).isNotEqualTo(ClientHandshake.State.OPEN);
    }
  }

  @Test
  void readsLongestNamesAndCutsLongTexts() {
    ServerHandshake server = server(Role.CLIENT);
    int length = server.reject(ErrorCode.BUSY, true, "é".repeat(1000), toClient, 0);
    assertThat(length).isLessThan(SessionWriter.MOST);
    ClientHandshake client = client(Role.CLIENT, "alice", SECRET);
    client.hello(toServer, 0);
    client.onMessage(toClient, 0, length, toServer, 0);
    assertThat(client.rejectCode()).isEqualTo(ErrorCode.BUSY);
    assertThat(client.rejectRetryable()).isTrue();
    assertThat(client.rejectText()).isEqualTo("é".repeat(256));
  }

  private ServerHandshake helloOf(int versionMin, int versionMax) {
    ServerHandshake server = server(Role.CLIENT);
    HelloEncoder hello =
        new HelloEncoder().wrapAndApplyHeader(toServer, 0, new MessageHeaderEncoder());
    hello
        .versionMin(versionMin)
        .versionMax(versionMax)
        .role(Role.CLIENT)
        .authScheme(AuthScheme.HMAC_SHA256)
        .putClientNonce(new byte[32], 0, 32);
    byte[] id = "alice".getBytes(StandardCharsets.UTF_8);
    hello.putKeyId(id, 0, id.length).putClientName(id, 0, 0);
    server.onMessage(toServer, 0, MessageLayout.HEADER + hello.encodedLength(), toClient, 0);
    return server;
  }

  private ServerHandshake run(ServerHandshake server, ClientHandshake client) {
    int length = client.hello(toServer, 0);
    length = server.onMessage(toServer, 0, length, toClient, 0);
    length = client.onMessage(toClient, 0, length, toServer, 0);
    server.onMessage(toServer, 0, length, toClient, 0);
    return server;
  }

  private byte[] lastAnswer(ClientHandshake client) {
    ServerHandshake server = server(Role.CLIENT);
    int length = client.hello(toServer, 0);
    length = server.onMessage(toServer, 0, length, toClient, 0);
    length = client.onMessage(toClient, 0, length, toServer, 0);
    length = server.onMessage(toServer, 0, length, toClient, 0);
    byte[] answer = new byte[length];
    toClient.getBytes(0, answer);
    return answer;
  }

  private static ErrorCode rejectCode(byte[] message) {
    return new RejectedDecoder()
        .wrapAndApplyHeader(
            new UnsafeBuffer(message), 0, new io.semnal.protocol.sbe.MessageHeaderDecoder())
        .code();
  }

  private ServerHandshake server(Role role) {
    return new ServerHandshake(role, keys, NonceSource.secure());
  }

  private static ClientHandshake client(Role role, String id, byte[] secret) {
    return new ClientHandshake(role, new ClientKey(id, secret), "test", NonceSource.secure());
  }

  private record TestKey(String id, byte[] secret, Role role) implements PeerKey {
    @Override
    public int channels() {
      return 1;
    }

    @Override
    public boolean mayRead(String symbol) {
      return true;
    }

    @Override
    public boolean admin() {
      return false;
    }

    @Override
    public String source() {
      return "";
    }
  }

  private record SignedKey(String id, byte[] publicKey) implements PeerKey {
    @Override
    public AuthScheme scheme() {
      return AuthScheme.ED25519;
    }

    @Override
    public byte[] secret() {
      return new byte[0];
    }

    @Override
    public Role role() {
      return Role.CLIENT;
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public boolean mayRead(String symbol) {
      return true;
    }

    @Override
    public boolean admin() {
      return false;
    }

    @Override
    public String source() {
      return "";
    }
  }
}
