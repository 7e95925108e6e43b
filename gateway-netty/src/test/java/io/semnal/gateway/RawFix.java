package io.semnal.gateway;

import io.semnal.gateway.fix.DictionaryXml;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LogonProof;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import quickfix.ConfigError;
import quickfix.DataDictionary;
import quickfix.FieldNotFound;
import quickfix.IncorrectDataFormat;
import quickfix.IncorrectTagValue;
import quickfix.InvalidMessage;
import quickfix.Message;

/** A FIX 4.4 client written from docs/fix.md, without our codec: text out, text in. */
final class RawFix implements AutoCloseable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  final Socket socket;
  private final ClientKey key;
  private final String sender;
  private final InputStream in;
  long seq = 1;

  RawFix(Socket socket, ClientKey key, String sender) throws IOException {
    this.socket = socket;
    this.key = key;
    this.sender = sender;
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  RawFix(int port, ClientKey key) throws IOException {
    this(new Socket("127.0.0.1", port), key, key.id());
  }

  static String now() {
    return TIME.format(Instant.now());
  }

  /** A Logon with a signature; more fields follow, {@code |} for SOH. */
  String logon(String more) {
    String time = now();
    String proof = LogonProof.sign(key, time, "" + seq, sender, "SEMNAL");
    return message(
        "A",
        time,
        "98=0|108=30|553=" + key.id() + "|95=" + proof.length() + "|96=" + proof + "|" + more);
  }

  String message(String type, String time, String body) {
    String text =
        ("35=" + type + "|34=" + seq++ + "|49=" + sender + "|52=" + time + "|56=SEMNAL|" + body)
            .replace('|', '\u0001');
    String head = "8=FIX.4.4\u00019=" + text.length() + "\u0001" + text;
    int sum = 0;
    for (byte b : head.getBytes(StandardCharsets.US_ASCII)) {
      sum += b & 0xff;
    }
    return head + "10=" + String.format("%03d", sum & 0xff) + "\u0001";
  }

  void send(String message) throws IOException {
    socket.getOutputStream().write(message.getBytes(StandardCharsets.US_ASCII));
  }

  void send(String type, String body) throws IOException {
    send(message(type, now(), body));
  }

  /** The next message, {@code |} for SOH; null at the end. */
  String next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      bytes.write(b);
      if (b == 1) {
        String text = bytes.toString(StandardCharsets.US_ASCII).replace('\u0001', '|');
        if (text.matches("(?s).*\\|10=\\d{3}\\|")) {
          check(bytes.toString(StandardCharsets.US_ASCII));
          return text;
        }
      }
    }
  }

  /** Holds a message against the generated dictionary, as QuickFIX/J reads both. */
  private static void check(String text) throws IOException {
    try (InputStream xml =
        new ByteArrayInputStream(DictionaryXml.of("FIX.4.4").getBytes(StandardCharsets.US_ASCII))) {
      DataDictionary dictionary = new DataDictionary(xml);
      Message message = new Message();
      message.fromString(text, dictionary, true);
      dictionary.validate(message);
    } catch (ConfigError
        | InvalidMessage
        | IncorrectTagValue
        | FieldNotFound
        | IncorrectDataFormat e) {
      throw new AssertionError(text, e);
    }
  }

  /** The next message of that type; others are let pass. */
  String next(String type) throws IOException {
    while (true) {
      String text = next();
      if (text == null) {
        throw new IOException("the connection ended before a message " + type);
      }
      if (text.contains("|35=" + type + "|")) {
        return text;
      }
    }
  }

  static String field(String message, int tag) {
    int at = message.indexOf("|" + tag + "=");
    if (at < 0) {
      return null;
    }
    int from = message.indexOf('=', at) + 1;
    return message.substring(from, message.indexOf('|', from));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
