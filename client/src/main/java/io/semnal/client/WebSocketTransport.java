package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LoginLoop;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.SessionTerms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** WebSocket with the subprotocol {@code semnal.json.v1} or {@code semnal.sbe.v1}. */
final class WebSocketTransport implements Transport {
  private static final String JSON = "semnal.json.v1";
  private static final String SBE = "semnal.sbe.v1";
  private static final int OUT_BYTES = 1 << 16;

  private final boolean json;
  private final WebSocketChannel channel;
  private final SbeRequests requests = new SbeRequests();
  private final UnsafeBuffer out = new UnsafeBuffer(new byte[OUT_BYTES]);
  private Receiver receiver;
  private final WebSocketChannel.Receiver handler = this::onMessage;

  WebSocketTransport(ClientOptions options) throws IOException {
    json = options.json();
    channel =
        WebSocketChannel.connect(
            options.uri(), json ? JSON : SBE, options.tlsInUse(), options.timeout());
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
    Receiver answers = new LoginStep(handshake);
    return LoginLoop.run(
        handshake,
        new LoginLoop.Connection() {
          @Override
          public int step() throws IOException {
            return poll(answers, 1);
          }

          @Override
          public void await(long millis) throws IOException {
            channel.await(millis);
          }
        },
        within);
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
                ServerError.code(fields.text("code")).value(),
                fields.flag("retryable"),
                fields.text("text"));
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
    channel.send(WebSocketChannel.BINARY, buffer, offset, length);
    channel.flush();
  }

  @Override
  public void timeSync(long clientSend) throws IOException {
    if (json) {
      text(JsonRequests.timeSync(clientSend));
    } else {
      binary(requests.timeSync(out, 0, clientSend));
    }
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
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    channel.send(WebSocketChannel.TEXT, new UnsafeBuffer(bytes), 0, bytes.length);
    channel.flush();
  }

  private void binary(int length) throws IOException {
    channel.send(WebSocketChannel.BINARY, out, 0, length);
    channel.flush();
  }

  @Override
  public int poll(Receiver to, int most) throws IOException {
    receiver = to;
    channel.flush();
    return channel.poll(handler, most);
  }

  private void onMessage(int opcode, DirectBuffer buffer, int offset, int length)
      throws IOException {
    if (opcode == WebSocketChannel.BINARY && !json) {
      receiver.onMessage(buffer, offset, length);
    } else if (opcode == WebSocketChannel.TEXT && json) {
      receiver.onText(buffer.getStringWithoutLengthUtf8(offset, length));
    } else {
      throw new IOException("the server sent a frame that is not of " + (json ? JSON : SBE));
    }
  }

  @Override
  public void await(long millis) throws IOException {
    channel.await(millis);
  }

  @Override
  public void wakeup() {
    channel.wakeup();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
