package io.semnal.server.replay;

import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.KeyLimits;
import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.PeerKey;

/** The server's keys for a replay: who may read may read, and nobody may command. */
public final class ReadOnlyKeys implements KeyLookup {
  private final KeyLookup keys;

  public ReadOnlyKeys(KeyLookup keys) {
    this.keys = keys;
  }

  @Override
  public PeerKey find(String keyId) {
    PeerKey key = keys.find(keyId);
    return key == null ? null : new Reader(key);
  }

  @Override
  public long version() {
    return keys.version();
  }

  private record Reader(PeerKey key) implements PeerKey {
    @Override
    public String id() {
      return key.id();
    }

    @Override
    public AuthScheme scheme() {
      return key.scheme();
    }

    @Override
    public byte[] publicKey() {
      return key.publicKey();
    }

    @Override
    public String client() {
      return key.client();
    }

    @Override
    public KeyLimits limits() {
      return key.limits();
    }

    @Override
    public byte[] secret() {
      return key.secret();
    }

    @Override
    public Role role() {
      return key.role();
    }

    @Override
    public int channels() {
      return key.channels();
    }

    @Override
    public boolean mayRead(String symbol) {
      return key.mayRead(symbol);
    }

    @Override
    public boolean admin() {
      return false;
    }

    @Override
    public String source() {
      return key.source();
    }
  }
}
