package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LoginRefusedException;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.SessionTerms;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** WebSocket with the subprotocol {@code semnal.json.v1} or {@code semnal.sbe.v1}. */
final class WebSocketTransport implements Transport {
  private static final String JSON = "semnal.json.v1";
  private static final String SBE = "semnal.sbe.v1";

  private final boolean json;
  private final Duration timeout;
  private final HttpClient http;
  private final WebSocketInbox inbox = new WebSocketInbox();
  private final WebSocket socket;
  private final SbeRequests requests = new SbeRequests();
  private final UnsafeBuffer out = new UnsafeBuffer(new byte[1 << 16]);
  private final UnsafeBuffer in = new UnsafeBuffer();

  WebSocketTransport(URI uri, boolean json, Duration timeout) throws IOException {
    this.json = json;
    this.timeout = timeout;
    http = HttpClient.newBuilder().connectTimeout(timeout).build();
    String protocol = json ? JSON : SBE;
    try {
      socket =
          await(
              http.newWebSocketBuilder()
                  .subprotocols(protocol)
                  .connectTimeout(timeout)
                  .buildAsync(uri, inbox));
      if (!protocol.equals(socket.getSubprotocol())) {
        throw new IOException(uri + " does not speak " + protocol);
      }
    } catch (IOException e) {
      http.shutdownNow();
      throw new IOException(uri + ": " + e.getMessage(), e);
    }
  }

  @Override
  public SessionTerms login(ClientKey key, String clientName, Duration within) throws IOException {
    ClientHandshake handshake =
        new ClientHandshake(Role.CLIENT, key, clientName, NonceSource.secure());
    if (json) {
      text(JsonRequests.hello(key, handshake.begin(), clientName));
    } else {
      binary(handshake.hello(out, 0));
    }
    Receiver step = new LoginStep(handshake);
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      int handled = poll(step, 1);
      switch (handshake.state()) {
        case OPEN -> {
          return handshake.terms();
        }
        case REJECTED ->
            throw new LoginRefusedException(
                handshake.rejectCode(), handshake.rejectRetryable(), handshake.rejectText());
        case FAILED -> throw new IOException(handshake.rejectText());
        default -> {
          long left = (deadline - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            throw new SocketTimeoutException(
                "the server did not answer the login within " + within.toMillis() + " ms");
          }
          if (handled == 0) {
            await(left);
          }
        }
      }
    }
  }

  /** The messages of a login, in either encoding. */
  private final class LoginStep implements Receiver {
    private final ClientHandshake handshake;

    LoginStep(ClientHandshake handshake) {
      this.handshake = handshake;
    }

    @Override
    public void onMessage(DirectBuffer buffer, int offset, int length) throws IOException {
      int reply = handshake.onMessage(buffer, offset, length, out, 0);
      if (reply > 0) {
        binary(reply);
      }
    }

    @Override
    public void onText(String message) throws IOException {
      JsonFields fields = JsonFields.parse(message);
      switch (fields.text("type")) {
        case "challenge" -> {
          byte[] proof = handshake.onChallenge((int) fields.number("version"), nonce(fields));
          if (proof.length > 0) {
            text(JsonRequests.authenticate(proof));
          }
        }
        case "accepted" -> handshake.onAccepted(terms(fields));
        case "rejected" ->
            handshake.onRejected(
                code(fields.text("code")), fields.flag("retryable"), fields.text("text"));
        default -> throw new IOException("the server answered the login with " + message);
      }
    }
  }

  private static byte[] nonce(JsonFields fields) throws IOException {
    try {
      return HexFormat.of().parseHex(fields.text("serverNonce"));
    } catch (IllegalArgumentException e) {
      throw new IOException("the server's nonce is not hexadecimal", e);
    }
  }

  private static SessionTerms terms(JsonFields fields) throws IOException {
    int channels = 0;
    for (Channel channel : Channel.values()) {
      if (fields.text("channels").contains('"' + channel.wireName() + '"')) {
        channels |= channel.bit();
      }
    }
    return new SessionTerms(
        fields.number("sessionId"),
        fields.number("epoch"),
        fields.number("oldestOutSeq"),
        fields.number("headOutSeq"),
        0,
        0,
        (int) fields.number("heartbeatMillis"),
        (int) fields.number("maxFrame"),
        fields.flag("admin"),
        channels,
        fields.text("serverName"));
  }

  private static int code(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code.value();
      }
    }
    return ErrorCode.NULL_VAL.value();
  }

  @Override
  public void subscribe(long requestId, Subscription subscription) throws IOException {
    if (json) {
      text(JsonRequests.subscribe(requestId, subscription));
    } else {
      binary(requests.subscribe(out, 0, requestId, subscription));
    }
  }

  @Override
  public void unsubscribe(long requestId, int channelBits) throws IOException {
    if (json) {
      text(JsonRequests.unsubscribe(requestId, channelBits));
    } else {
      binary(requests.unsubscribe(out, 0, requestId, channelBits));
    }
  }

  @Override
  public void send(DirectBuffer buffer, int offset, int length) throws IOException {
    if (json) {
      throw new IllegalStateException("SBE messages are not sent over " + JSON);
    }
    out.putBytes(0, buffer, offset, length);
    binary(length);
  }

  @Override
  public void heartbeat() throws IOException {
    if (json) {
      text(JsonRequests.heartbeat());
    } else {
      binary(requests.heartbeat(out, 0));
    }
  }

  private void text(String message) throws IOException {
    await(socket.sendText(message, true));
  }

  private void binary(int length) throws IOException {
    await(socket.sendBinary(ByteBuffer.wrap(out.byteArray(), 0, length), true));
  }

  @Override
  public int poll(Receiver receiver, int most) throws IOException {
    int handled = 0;
    while (handled < most) {
      Object next = inbox.next();
      if (next == null) {
        break;
      }
      if (next instanceof IOException end) {
        throw end;
      }
      socket.request(1);
      handled++;
      if (next instanceof String message) {
        receiver.onText(message);
      } else {
        byte[] bytes = (byte[]) next;
        in.wrap(bytes);
        receiver.onMessage(in, 0, bytes.length);
      }
    }
    return handled;
  }

  @Override
  public void await(long millis) throws IOException {
    inbox.await(millis);
  }

  private <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      String why =
          e.getCause() instanceof WebSocketHandshakeException refused
              ? "the server answered HTTP " + refused.getResponse().statusCode()
              : String.valueOf(e.getCause().getMessage());
      throw new IOException(why, e.getCause());
    } catch (TimeoutException e) {
      throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
