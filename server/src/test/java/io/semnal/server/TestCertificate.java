package io.semnal.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Self-signed certificates by the JDK's keytool, as the PEM files that a server reads. */
final class TestCertificate {
  private static final char[] PASSWORD = "password".toCharArray();
  private final Path folder;

  TestCertificate(Path folder) {
    this.folder = folder;
  }

  Path certificate() {
    return folder.resolve("cert.pem");
  }

  Path key() {
    return folder.resolve("key.pem");
  }

  /** Makes one and puts it where the server reads it. */
  X509Certificate make(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String arguments =
        "-genkeypair -alias x -keyalg EC -groupname secp256r1 -dname CN=localhost -ext"
            + " san=dns:localhost,ip:127.0.0.1 -validity 30 -storetype PKCS12 -storepass password"
            + " -keystore";
    java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(keytool));
    command.addAll(java.util.List.of(arguments.split(" ")));
    command.add(store.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new AssertionError(said);
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    X509Certificate certificate = (X509Certificate) keys.getCertificate("x");
    // The key first: for a moment the two do not fit, and the server has to bear that.
    pem(key(), "PRIVATE KEY", keys.getKey("x", PASSWORD).getEncoded());
    pem(certificate(), "CERTIFICATE", certificate.getEncoded());
    return certificate;
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

  /** A client's side that trusts this one alone. */
  static SSLContext trusting(X509Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
