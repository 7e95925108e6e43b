package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyFile;
import io.semnal.core.access.KeyMaker;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.KeyLimits;
import io.semnal.protocol.session.LoginRefusedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both kinds of key, from their files, through the client, against the real gateway. */
class KeySchemesTest {
  @TempDir private Path folder;

  private static ApiKey server(String id, byte[] publicKey) {
    return new ApiKey(
        id,
        new byte[0],
        publicKey,
        Role.CLIENT,
        id,
        Channel.SIGNALS.bit(),
        true,
        Set.of(),
        false,
        "",
        KeyLimits.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void anEd25519KeyLogsInAndAnotherOneDoesNot(Way way) throws Exception {
    KeyMaker.Pair pair = KeyMaker.ed25519("acme-1");
    KeyMaker.Pair stranger = KeyMaker.ed25519("acme-1");
    Path keys = folder.resolve("keys.conf");
    KeyMaker.write(keys, List.of(server("acme-1", pair.publicKey()), GatewayRig.KEY));
    Path own = folder.resolve("acme-1.key");
    KeyMaker.writeClientKey(own, pair.holder());
    GatewayRig.Settings settings = new GatewayRig.Settings();
    settings.keys = KeyFile.open(keys, null);
    try (GatewayRig rig = new GatewayRig(new Outbound(), settings)) {
      ClientKey key = ClientKey.read(own);
      assertThat(key.scheme()).isEqualTo(AuthScheme.ED25519);
      ClientOptions options = way.options("127.0.0.1", way.port(rig), false, key);
      try (SemnalClient client = new SemnalClient(options, new Collected())) {
        assertThat(client.connect().channels()).isEqualTo(Channel.SIGNALS.bit());
      }
      SemnalClient refused =
          new SemnalClient(
              way.options("127.0.0.1", way.port(rig), false, stranger.holder()), new Collected());
      assertThatThrownBy(refused::connect)
          .isInstanceOfSatisfying(
              LoginRefusedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
                assertThat(e.retryable()).isFalse();
              });
      // A shared secret of the same server, and the wrong scheme for a key.
      try (SemnalClient client = new SemnalClient(way.options(rig), new Collected())) {
        assertThat(client.connect().admin()).isTrue();
      }
      SemnalClient wrongScheme =
          new SemnalClient(
              way.options(
                  "127.0.0.1",
                  way.port(rig),
                  false,
                  new ClientKey("acme-1", pair.holder().secret())),
              new Collected());
      assertThatThrownBy(wrongScheme::connect).isInstanceOf(LoginRefusedException.class);
    }
  }
}
