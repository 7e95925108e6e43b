package io.semnal.core.access;

import io.semnal.protocol.session.KeyLookup;
import java.util.Collection;

/**
 * The keys that count now: what sessions ask, whether a file fills it or a database of accounts.
 *
 * <p>Whoever fills it swaps keys in as a whole and then raises {@link #version}; sessions on their
 * own threads see that within a timer's beat and end where their key is gone or another.
 */
public interface KeyRing extends KeyLookup {
  @Override
  ApiKey find(String keyId);

  /** All keys. */
  Collection<ApiKey> keys();

  @Override
  long version();
}
