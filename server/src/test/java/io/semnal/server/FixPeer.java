package io.semnal.server;

import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LogonProof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** A FIX client written from docs/fix.md alone: text out, text in, with bars for separators. */
final class FixPeer implements AutoCloseable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private final Socket socket;
  private final InputStream in;
  private final String version;
  private final ClientKey key;
  private long seq = 1;

  FixPeer(Socket socket, String version, ClientKey key) throws IOException {
    this.socket = socket;
    this.version = version;
    this.key = key;
    socket.setSoTimeout((int) ServerSetup.PATIENCE.toMillis());
    in = socket.getInputStream();
  }

  /** A Logon by signature. */
  String signed() {
    String time = TIME.format(Instant.now());
    String proof = LogonProof.sign(key, time, Long.toString(seq), key.id(), "SEMNAL");
    return message(
        "A", time, logon() + "553=" + key.id() + "|95=" + proof.length() + "|96=" + proof + "|");
  }

  /** A Logon by password. */
  String withPassword() {
    String password = HexFormat.of().formatHex(key.secret());
    return message(
        "A", TIME.format(Instant.now()), logon() + "553=" + key.id() + "|554=" + password + "|");
  }

  private String logon() {
    return "98=0|108=300|141=Y|" + (version.equals("FIXT.1.1") ? "1137=9|" : "");
  }

  private String message(String type, String time, String body) {
    String fields =
        "35=" + type + "|34=" + seq++ + "|49=" + key.id() + "|52=" + time + "|56=SEMNAL|" + body;
    String front = "8=" + version + "|9=" + fields.length() + "|" + fields;
    int sum = 0;
    for (char c : front.replace('|', '\1').toCharArray()) {
      sum += c;
    }
    return front + String.format("10=%03d|", sum & 0xff);
  }

  /** Sends a message, and returns the answer; empty: the connection ended without one. */
  String ask(String message) throws IOException {
    socket.getOutputStream().write(message.replace('|', '\1').getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return next();
  }

  /** The next message; empty: the connection ended. */
  String next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (true) {
      int b;
      try {
        b = in.read();
      } catch (SocketException e) {
        // Reset: as good an end as any other.
        b = -1;
      }
      if (b < 0) {
        return "";
      }
      bytes.write(b);
      String text = bytes.toString(StandardCharsets.US_ASCII).replace('\1', '|');
      if (b == 1 && text.matches("(?s).*\\|10=\\d{3}\\|")) {
        return text;
      }
    }
  }

  /** The next message of that type; empty: the connection ended before one came. */
  String next(String type) throws IOException {
    String text = next();
    while (!text.isEmpty() && !text.contains("|35=" + type + "|")) {
      text = next();
    }
    return text;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
