package io.semnal.protocol.session;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * By what a client knows the server that it speaks TLS with: certificates that it trusts, or the
 * one certificate that it expects. TLS 1.3 and nothing older. Any thread.
 */
public final class ClientTls {
  private static final String VERSION = "TLSv1.3";
  private static final String PEM = "-----BEGIN";

  private final SSLContext context;
  private final boolean checksName;

  private ClientTls(TrustManager[] trust, boolean checksName) throws GeneralSecurityException {
    context = SSLContext.getInstance(VERSION);
    context.init(null, trust, null);
    this.checksName = checksName;
  }

  /** Trusts whom the Java runtime trusts; the certificate must be for the host's name. */
  public static ClientTls system() {
    try {
      return new ClientTls(null, true);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + VERSION, e);
    }
  }

  /**
   * Trusts these certificates, and those that they vouch for; the certificate must be for the
   * host's name.
   *
   * @param file one or more certificates as PEM, or a key store (PKCS#12, JKS)
   * @param password of the key store; {@code null} = none
   * @throws IOException naming the file
   */
  public static ClientTls trusting(Path file, char[] password) throws IOException {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store(file, password));
      return new ClientTls(factory.getTrustManagers(), true);
    } catch (GeneralSecurityException | IOException e) {
      throw new IOException(
          "trusted certificates " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static KeyStore store(Path file, char[] password)
      throws IOException, GeneralSecurityException {
    byte[] bytes = Files.readAllBytes(file);
    if (!new String(bytes, StandardCharsets.ISO_8859_1).contains(PEM)) {
      return KeyStore.getInstance(file.toFile(), password);
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate one :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes))) {
      store.setCertificateEntry("trusted-" + number++, one);
    }
    return store;
  }

  /**
   * Expects one certificate and no other, whoever vouches for it and whatever name it is for; it
   * must be valid now.
   *
   * @param sha256 its fingerprint: 64 hexadecimal digits, with or without colons, as {@code openssl
   *     x509 -noout -fingerprint -sha256} prints it
   * @throws IllegalArgumentException if that is no fingerprint
   */
  public static ClientTls pinned(String sha256) {
    String hex = sha256.replace(":", "").strip().toLowerCase(Locale.ROOT);
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "'" + sha256 + "' is not a SHA-256 fingerprint of 64 hexadecimal digits");
    }
    try {
      return new ClientTls(new TrustManager[] {new Pin(HexFormat.of().parseHex(hex))}, false);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + VERSION, e);
    }
  }

  SSLEngine engine(String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {VERSION});
    if (checksName) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Trusts by fingerprint alone. */
  private static final class Pin extends X509ExtendedTrustManager {
    private final byte[] sha256;

    Pin(byte[] sha256) {
      this.sha256 = sha256;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      byte[] actual;
      try {
        actual = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
      } catch (GeneralSecurityException e) {
        throw new CertificateException(e);
      }
      if (!MessageDigest.isEqual(sha256, actual)) {
        throw new CertificateException(
            "the server's certificate has the fingerprint "
                + HexFormat.of().formatHex(actual)
                + ", which is not the one expected");
      }
      chain[0].checkValidity();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("no clients are met here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
