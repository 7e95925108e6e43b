package io.semnal.gateway;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * The listeners' certificate and what it is used for: TLS 1.3 by the JDK's provider, and no other
 * version. Reloading swaps it for connections to come; those that stand go on. Any thread.
 */
public final class TlsCertificates {
  private static final long HANDSHAKE_MILLIS = 5_000;
  private static final String VERSION = "TLSv1.3";

  private final RuntimeConfig.Gateway.Tls files;
  private volatile Loaded loaded;

  private record Loaded(SslContext context, X509Certificate certificate) {}

  private TlsCertificates(RuntimeConfig.Gateway.Tls files) throws IOException {
    this.files = files;
    loaded = load();
  }

  /**
   * Reads certificate and key, and tells metrics until when the certificate is valid.
   *
   * @param port whose certificate it is, in the name of the metric: {@code gateway}, {@code feed}
   * @throws IOException naming the file and what is wrong with it, never quoting it
   */
  public static TlsCertificates open(RuntimeConfig.Gateway.Tls files, String port, Metrics metrics)
      throws IOException {
    TlsCertificates tls = new TlsCertificates(files);
    metrics.gauge(
        port + "_certificate_not_after_seconds",
        "When the certificate of the listeners ends, seconds since the epoch",
        tls::notAfterSeconds);
    return tls;
  }

  /**
   * Reads the files again; what is wrong is thrown as from {@link #open}, and nothing changes then.
   *
   * @return whether the certificate is another
   */
  public boolean reload() throws IOException {
    Loaded next = load();
    boolean changed = !next.certificate().equals(loaded.certificate());
    loaded = next;
    return changed;
  }

  /** What {@link #reload} depends on. */
  public List<Path> files() {
    return List.of(files.certificate(), files.key());
  }

  /** When the certificate ends, seconds since the epoch. */
  public long notAfterSeconds() {
    return loaded.certificate().getNotAfter().toInstant().getEpochSecond();
  }

  /** The handler of one connection; it ends a handshake that takes too long. */
  public SslHandler handler(ByteBufAllocator allocator) {
    SslHandler handler = loaded.context().newHandler(allocator);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    return handler;
  }

  /** The two are written one after the other: for a moment they are of different pairs. */
  private static void requireFit(PublicKey certified, Path file)
      throws GeneralSecurityException, IOException {
    String pem = Files.readString(file, StandardCharsets.US_ASCII);
    String base64 = pem.replaceAll("(?m)^-----.*$", "").replaceAll("\\s", "");
    KeyFactory factory = KeyFactory.getInstance(certified.getAlgorithm());
    PrivateKey key =
        factory.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    Signature signature =
        Signature.getInstance(
            switch (certified.getAlgorithm()) {
              case "EC" -> "SHA256withECDSA";
              case "RSA" -> "SHA256withRSA";
              default -> certified.getAlgorithm();
            });
    byte[] proof = file.toString().getBytes(StandardCharsets.UTF_8);
    signature.initSign(key);
    signature.update(proof);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(proof);
    if (!signature.verify(signed)) {
      throw new SignatureException("the key is another certificate's");
    }
  }

  private Loaded load() throws IOException {
    try (InputStream in = Files.newInputStream(files.certificate())) {
      X509Certificate own =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      requireFit(own.getPublicKey(), files.key());
      SslContext context =
          SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
              .sslProvider(SslProvider.JDK)
              .protocols(VERSION)
              .build();
      return new Loaded(context, own);
    } catch (CertificateException e) {
      throw new IOException("tls.certificate " + files.certificate() + " is not a certificate", e);
    } catch (GeneralSecurityException | IllegalArgumentException | IOException e) {
      throw new IOException(
          "tls.certificate "
              + files.certificate()
              + " and tls.key "
              + files.key()
              + " cannot be used together: they must be PEM, the key PKCS#8 and not encrypted ("
              + e.getClass().getSimpleName()
              + ")",
          e);
    }
  }
}
