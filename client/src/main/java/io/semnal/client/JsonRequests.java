package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ServerHandshake;
import java.util.HexFormat;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** Writes a client's requests in JSON, as the subprotocol {@code semnal.json.v1} has them. */
final class JsonRequests {
  private JsonRequests() {}

  static String hello(ClientKey key, byte[] nonce, String clientName) {
    return "{\"type\":\"hello\",\"versionMin\":"
        + ServerHandshake.VERSION_MIN
        + ",\"versionMax\":"
        + ServerHandshake.VERSION_MAX
        + ",\"role\":\"client\",\"authScheme\":\""
        + key.scheme()
        + "\",\"keyId\":"
        + JsonFields.quote(key.id())
        + ",\"clientNonce\":\""
        + HexFormat.of().formatHex(nonce)
        + "\",\"clientName\":"
        + JsonFields.quote(clientName)
        + "}";
  }

  static String authenticate(byte[] proof) {
    return "{\"type\":\"authenticate\",\"proof\":\"" + HexFormat.of().formatHex(proof) + "\"}";
  }

  static String subscribe(long requestId, Subscription s) {
    return "{\"type\":\"subscribe\",\"requestId\":\""
        + requestId
        + "\",\"channels\":"
        + channels(s.channelBits())
        + ",\"instruments\":"
        + array(s.instruments().stream())
        + ",\"timeframes\":"
        + array(s.timeframes().stream().map(TimeframeLabel::of))
        + ",\"strategies\":"
        + array(s.strategies().stream())
        + (s.resume() == null ? "" : ",\"resume\":\"" + s.resume() + "\"")
        + ",\"snapshot\":"
        + s.snapshot()
        + ",\"features\":"
        + s.features()
        + conflation(s.conflation())
        + "}";
  }

  private static String conflation(Conflation conflation) {
    if (conflation == null) {
      return "";
    }
    String mode = JsonFields.quote(conflation.mode().name().toLowerCase(Locale.ROOT));
    return ",\"conflation\":"
        + mode
        + (conflation.interval().isZero()
            ? ""
            : ",\"intervalMillis\":" + conflation.interval().toMillis());
  }

  static String unsubscribe(long requestId, int channelBits) {
    return "{\"type\":\"unsubscribe\",\"requestId\":\""
        + requestId
        + "\",\"channels\":"
        + channels(channelBits)
        + "}";
  }

  static String heartbeat() {
    return "{\"type\":\"heartbeat\"}";
  }

  static String timeSync(long clientSend) {
    return "{\"type\":\"timeSync\",\"clientSend\":\"" + clientSend + "\"}";
  }

  private static String channels(int bits) {
    return array(
        Stream.of(Channel.values()).filter(c -> (bits & c.bit()) != 0).map(Channel::wireName));
  }

  private static String array(Stream<String> texts) {
    StringJoiner array = new StringJoiner(",", "[", "]");
    texts.map(JsonFields::quote).forEach(array::add);
    return array.toString();
  }
}
