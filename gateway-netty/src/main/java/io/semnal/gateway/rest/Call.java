package io.semnal.gateway.rest;

import io.semnal.protocol.session.PeerKey;

/**
 * A request that was let in.
 *
 * @param key who asks; {@code null} where anybody may
 * @param id the last segment of the path where the route has one, else empty
 */
record Call(PeerKey key, String id, Query query, byte[] body) {}
