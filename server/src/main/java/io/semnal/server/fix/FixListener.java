package io.semnal.server.fix;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.DisconnectReason;
import io.semnal.fix.session.FixApplication;
import io.semnal.fix.session.FixConnection;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.FixTransport;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.store.MemoryStore;
import io.semnal.gateway.fix.UserTag;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LogonProof;
import io.semnal.protocol.session.ResumeToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A FIX client on one blocking socket: logs on with a key, and hands on what comes. One thread. */
public final class FixListener implements FixApplication {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final int POLL_MILLIS = 100;
  private static final int READ = 64 * 1024;
  private static final int HEARTBEAT_SECONDS = 10;

  /**
   * @param from {@code null}: from now on
   * @param count messages after which it ends
   */
  public record Options(
      ClientKey key,
      FixVersion version,
      String sender,
      String target,
      ResumeToken from,
      long count) {}

  private final Options options;
  private final Predicate<FixMessage> sink;
  private final FixSession session;
  private ResumeToken token;
  private long left;
  private boolean over;
  private String refusal;

  /**
   * @param sink takes a message; false: no more is wanted
   */
  public FixListener(Options options, Predicate<FixMessage> sink) {
    this.options = options;
    this.sink = sink;
    left = options.count();
    token = options.from();
    SessionConfig config =
        SessionConfig.initiator(options.version(), options.sender(), options.target())
            .heartbeat(HEARTBEAT_SECONDS)
            .resetOnLogon(true)
            .build();
    session = new FixSession(config, new MemoryStore(), this);
  }

  /** The last message that came, to resume after; {@code null}: none came. */
  public ResumeToken token() {
    return token;
  }

  /**
   * Listens until enough came or the connection ends.
   *
   * @param address HOST:PORT
   * @param trust certificates in PEM; {@code null}: Java's
   * @return why the server did not go on; {@code null}: it was not the server that ended
   */
  public String run(String address, boolean tls, Path trust) throws IOException {
    int colon = address.lastIndexOf(':');
    if (colon < 1 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IOException("'" + address + "' is not HOST:PORT");
    }
    String host = address.substring(0, colon);
    int port = Integer.parseInt(address.substring(colon + 1));
    try (Socket socket = tls ? secure(host, port, trust) : new Socket(host, port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(POLL_MILLIS);
      listen(socket);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return refusal;
  }

  private static Socket secure(String host, int port, Path trust) throws IOException {
    SSLSocket socket = (SSLSocket) factory(trust).createSocket(host, port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static SSLSocketFactory factory(Path trust) throws IOException {
    if (trust == null) {
      return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }
    try (InputStream file = Files.newInputStream(trust)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int n = 0;
      for (Certificate found : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        store.setCertificateEntry("trusted-" + n++, found);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot read certificates from " + trust + ": " + e.getMessage(), e);
    }
  }

  private void listen(Socket socket) throws IOException {
    FixConnection connection = new FixConnection(transport(socket), session);
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[READ];
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    connection.opened(now());
    while (!over) {
      try {
        int length = in.read(bytes);
        if (length < 0) {
          connection.closed(now());
          return;
        }
        connection.received(buffer, 0, length, now());
      } catch (SocketTimeoutException e) {
        // Nothing came: time for heartbeats.
        connection.doWork(now());
      }
    }
  }

  private FixTransport transport(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    return new FixTransport() {
      @Override
      public void send(DirectBuffer buffer, int offset, int length) {
        try {
          out.write(buffer.byteArray(), buffer.wrapAdjustment() + offset, length);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void flush() {
        // Written as it comes.
      }

      @Override
      public void close() {
        over = true;
      }
    };
  }

  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public void onSendLogon(FixSession of, FixEncoder logon, long now) {
    String time = TIME.format(Instant.ofEpochSecond(now / 1_000_000_000L, now % 1_000_000_000L));
    String proof =
        LogonProof.sign(
            options.key(),
            time,
            String.valueOf(of.nextOutbound()),
            options.sender(),
            options.target());
    byte[] bytes = proof.getBytes(StandardCharsets.US_ASCII);
    logon.data(Tag.RAW_DATA_LENGTH, Tag.RAW_DATA, new UnsafeBuffer(bytes), 0, bytes.length);
    logon.text(Tag.USERNAME, options.key().id());
    if (options.from() != null) {
      logon.text(UserTag.RESUME_TOKEN, options.from().toString());
    }
  }

  @Override
  public void onMessage(FixSession of, FixMessage message, long now) {
    if (over || left == 0) {
      return;
    }
    boolean wanted = sink.test(message);
    boolean counts = message.msgType() == MsgType.IOI || message.msgType() == MsgType.NEWS;
    if (message.has(UserTag.RESUME_TOKEN)) {
      token = ResumeToken.parse(message.text(UserTag.RESUME_TOKEN));
    }
    if (!wanted || counts && --left == 0) {
      left = 0;
      of.logout(null, now);
    }
  }

  @Override
  public void onLogonFailed(FixSession of, DisconnectReason reason, String text, long now) {
    refusal = "the server refused the Logon: " + (text == null ? reason : text);
  }

  @Override
  public void onLogout(FixSession of, DisconnectReason reason, long now) {
    over = true;
    if (left > 0) {
      refusal = "the session ended: " + reason;
    }
  }
}
