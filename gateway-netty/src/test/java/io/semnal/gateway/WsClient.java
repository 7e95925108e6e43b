package io.semnal.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.NonceSource;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** The JDK's WebSocket as an independent client. */
final class WsClient implements WebSocket.Listener, AutoCloseable {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
  final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
  final WebSocket socket;

  WsClient(int port, String origin, String... subprotocols) throws Exception {
    WebSocket.Builder builder = http.newWebSocketBuilder();
    if (origin != null) {
      builder.header("Origin", origin);
    }
    if (subprotocols.length > 0) {
      builder.subprotocols(
          subprotocols[0], java.util.Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
    }
    socket =
        builder
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), this)
            .get(60, TimeUnit.SECONDS);
  }

  WsClient(int port) throws Exception {
    this(port, null, "semnal.json.v1");
  }

  WsClient login(ClientKey key) throws Exception {
    ClientHandshake handshake = new ClientHandshake(Role.CLIENT, key, "json", NonceSource.secure());
    HexFormat hex = HexFormat.of();
    send(
        "{\"type\":\"hello\",\"versionMin\":1,\"versionMax\":1,\"role\":\"client\",\"authScheme\":\""
            + key.scheme()
            + "\",\"keyId\":\""
            + key.id()
            + "\",\"clientNonce\":\""
            + hex.formatHex(handshake.begin())
            + "\",\"clientName\":\"json\",\"somethingNew\":{\"a\":[1]}}");
    JsonNode challenge = next("challenge");
    byte[] proof =
        handshake.onChallenge(
            challenge.get("version").asInt(), hex.parseHex(challenge.get("serverNonce").asText()));
    send("{\"type\":\"authenticate\",\"proof\":\"" + hex.formatHex(proof) + "\"}");
    return this;
  }

  void send(String json) throws Exception {
    socket.sendText(json, true).get(60, TimeUnit.SECONDS);
  }

  void send(byte[] message) throws Exception {
    socket.sendBinary(ByteBuffer.wrap(message), true).get(60, TimeUnit.SECONDS);
  }

  JsonNode next() throws Exception {
    Object message = received.poll(60, TimeUnit.SECONDS);
    if (message instanceof String json) {
      JsonNode node = MAPPER.readTree(json);
      AsyncApiDocument.check(node);
      return node;
    }
    throw new AssertionError("expected text, got " + message);
  }

  /** The next object of this type; others are passed over. */
  JsonNode next(String type) throws Exception {
    while (true) {
      JsonNode node = next();
      if (node.get("type").asText().equals(type)) {
        return node;
      }
    }
  }

  UnsafeBuffer nextBinary() throws Exception {
    Object message = received.poll(60, TimeUnit.SECONDS);
    if (message instanceof byte[] bytes) {
      return new UnsafeBuffer(bytes);
    }
    throw new AssertionError("expected binary, got " + message);
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      received.add(text.toString());
      text.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    binary.writeBytes(part);
    if (last) {
      received.add(binary.toByteArray());
      binary.reset();
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    closeCode.complete(statusCode);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closeCode.completeExceptionally(error);
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
