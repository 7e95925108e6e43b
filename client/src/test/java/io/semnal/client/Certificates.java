package io.semnal.client;

import io.semnal.core.config.RuntimeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;

/** Self-signed certificates by the JDK's keytool. */
final class Certificates {
  static final char[] PASSWORD = "password".toCharArray();

  private static Made server;

  private Certificates() {}

  /** One for this machine, made once: keytool is a process. */
  static synchronized Made server() throws Exception {
    if (server == null) {
      Path folder = Files.createTempDirectory("semnal-certificates");
      server = make(folder, "server", "dns:localhost,ip:127.0.0.1");
      try (var files = Files.list(folder)) {
        files.forEach(file -> file.toFile().deleteOnExit());
      }
    }
    return server;
  }

  /**
   * A server's certificate and key as PEM, and a key store beside them.
   *
   * @param names for example {@code dns:localhost,ip:127.0.0.1}
   */
  record Made(Path certificate, Path key, Path store, String sha256) {
    RuntimeConfig.Gateway.Tls tls() {
      return new RuntimeConfig.Gateway.Tls(certificate, key);
    }
  }

  static Made make(Path folder, String name, String names) throws Exception {
    Path own = folder.resolve(name + "-own.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + names,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                own.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes());
    if (keytool.waitFor() != 0) {
      throw new AssertionError(said);
    }
    KeyStore keys = KeyStore.getInstance(own.toFile(), PASSWORD);
    X509Certificate certificate = (X509Certificate) keys.getCertificate(name);
    Path pem = folder.resolve(name + ".pem");
    Path key = folder.resolve(name + "-key.pem");
    pem(pem, "CERTIFICATE", certificate.getEncoded());
    pem(key, "PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded());
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry(name, certificate);
    Path store = folder.resolve(name + "-trust.p12");
    try (var out = Files.newOutputStream(store)) {
      trust.store(out, PASSWORD);
    }
    String sha256 =
        HexFormat.ofDelimiter(":")
            .withUpperCase()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    return new Made(pem, key, store, sha256);
  }

  private static void pem(Path file, String what, byte[] bytes) throws Exception {
    Files.writeString(
        file,
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
            + "\n-----END "
            + what
            + "-----\n");
  }
}
