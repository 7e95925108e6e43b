package io.semnal.client.examples;

import io.semnal.client.ClientOptions;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ClientTls;
import java.io.IOException;
import java.nio.file.Path;

/** Ways to know the server that a client speaks TLS with. */
public final class SecureConnection {
  private SecureConnection() {}

  /** By certificates in a file: PEM, or a key store with its password. */
  public static ClientOptions trusting(String uri, Path keyFile, Path pem) throws IOException {
    return ClientOptions.of(uri, ClientKey.read(keyFile)).withTls(ClientTls.trusting(pem, null));
  }

  /** By the fingerprint of the one certificate that is expected. */
  public static ClientOptions pinned(String uri, Path keyFile, String sha256) throws IOException {
    return ClientOptions.of(uri, ClientKey.read(keyFile)).withTls(ClientTls.pinned(sha256));
  }
}
