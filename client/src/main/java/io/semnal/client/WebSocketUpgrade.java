package io.semnal.client;

import io.semnal.protocol.session.ReceiveBuffer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The HTTP exchange that begins a WebSocket connection (RFC 6455, section 4.1). */
final class WebSocketUpgrade {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int MOST_RESPONSE = 16_384;
  private static final int SWITCHING = 101;

  private final URI uri;
  private final String subprotocol;
  private final String key;

  WebSocketUpgrade(URI uri, String subprotocol, SecureRandom random) {
    this.uri = uri;
    this.subprotocol = subprotocol;
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    key = Base64.getEncoder().encodeToString(nonce);
  }

  byte[] request() {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String request =
        String.join(
            "\r\n",
            "GET " + path + query + " HTTP/1.1",
            "Host: " + uri.getRawAuthority(),
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: " + key,
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: " + subprotocol,
            "",
            "");
    return request.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Looks for the answer, and takes it out of the buffer.
   *
   * @return whether the connection now is one of WebSocket; otherwise more has to be received
   * @throws IOException if the server says something else
   */
  boolean answered(ReceiveBuffer in) throws IOException {
    int length = headLength(in);
    if (length < 0) {
      if (in.available() > MOST_RESPONSE) {
        throw new IOException("the server's answer to the upgrade does not end");
      }
      return false;
    }
    byte[] head = new byte[length];
    in.view().getBytes(in.from(), head);
    in.consume(length);
    check(new String(head, StandardCharsets.ISO_8859_1).split("\r\n"));
    return true;
  }

  private static int headLength(ReceiveBuffer in) {
    for (int i = 0; i + 4 <= in.available(); i++) {
      int at = in.from() + i;
      if (in.view().getByte(at) == '\r'
          && in.view().getByte(at + 1) == '\n'
          && in.view().getByte(at + 2) == '\r'
          && in.view().getByte(at + 3) == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  private void check(String[] lines) throws IOException {
    String[] status = lines[0].split(" ", 3);
    if (status.length < 2 || !status[0].equals("HTTP/1.1")) {
      throw new IOException("the server does not speak HTTP/1.1");
    }
    if (!status[1].equals(String.valueOf(SWITCHING))) {
      throw new IOException(
          "the server answered HTTP " + status[1] + (status.length > 2 ? " " + status[2] : ""));
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        fields.put(
            lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).strip());
      }
    }
    if (!fields.getOrDefault("upgrade", "").equalsIgnoreCase("websocket")
        || !fields.getOrDefault("sec-websocket-accept", "").equals(accept(key))) {
      throw new IOException("the server's answer to the upgrade is not one of WebSocket");
    }
    if (!fields.getOrDefault("sec-websocket-protocol", "").equals(subprotocol)) {
      throw new IOException("the server does not speak " + subprotocol);
    }
    if (fields.containsKey("sec-websocket-extensions")) {
      throw new IOException("the server wants an extension that was not offered");
    }
  }

  /** What a server makes of a key. */
  static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-1", e);
    }
  }
}
