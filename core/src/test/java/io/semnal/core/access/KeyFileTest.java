package io.semnal.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.ConfigException;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  private static final String SECRET = "00112233445566778899aabbccddeeff";
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("keys.conf");
  }

  @Test
  void readsClientsAndFeeds() throws IOException {
    Files.writeString(
        file,
        """
        keys {
          demo { role = client, secret = "%1$s", channels = [signals, bars], admin = true
                 instruments = [EURUSD, USDJPY] }
          lean { role = feed, secret = "%1$s", source = "lean" }
        }
        """
            .formatted(SECRET));
    KeyFile keys = KeyFile.open(file);
    ApiKey demo = keys.find("demo");
    assertThat(demo.role()).isEqualTo(Role.CLIENT);
    assertThat(demo.secret()).hasSize(16).startsWith(0x00, 0x11, 0x22);
    assertThat(demo.channels()).isEqualTo(Channel.SIGNALS.bit() | Channel.BARS.bit());
    assertThat(demo.mayRead("EURUSD")).isTrue();
    assertThat(demo.mayRead("GBPUSD")).isFalse();
    assertThat(demo.admin()).isTrue();
    ApiKey lean = keys.find("lean");
    assertThat(lean.role()).isEqualTo(Role.FEED);
    assertThat(lean.source()).isEqualTo("lean");
    assertThat(lean.mayRead("GBPUSD")).isTrue();
    assertThat(keys.find("other")).isNull();
  }

  @Test
  void namesFileLineAndKeyOfEveryProblemAndNoValue() throws IOException {
    Files.writeString(
        file,
        """
        keys {
          a { role = client, channels = [signals]
              secret = "hushhush" }
          b { role = broker, secret = "%1$s" }
          c { role = client, secret = "%1$s", channels = [signal] }
          d { role = feed, secret = "%1$s" }
          e { role = client, secret = "%1$s", channels = [bars], colour = red }
          f { role = feed, secret = "0011", source = s, admin = true }
          g { role = client, secret = "%1$s", channels = [bars], instruments = [] }
        }
        """
            .formatted(SECRET));
    assertThatThrownBy(() -> KeyFile.open(file))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              List<String> problems = e.problems();
              assertThat(problems).allMatch(p -> p.contains(file.toString()));
              assertThat(problems).noneMatch(p -> p.contains("hush") || p.contains(SECRET));
              assertThat(problems).anyMatch(p -> p.contains(": 3: keys.a.secret"));
              assertThat(problems).anyMatch(p -> p.contains(": 4: keys.b.role"));
              assertThat(problems).anyMatch(p -> p.contains(": 5: keys.c.channels"));
              assertThat(problems).anyMatch(p -> p.contains(": 6: keys.d.source"));
              assertThat(problems).anyMatch(p -> p.contains(": 7: keys.e.colour"));
              assertThat(problems).anyMatch(p -> p.contains(": 8: keys.f.secret"));
              assertThat(problems).anyMatch(p -> p.contains(": 8: keys.f.admin"));
              assertThat(problems).anyMatch(p -> p.contains(": 9: keys.g.instruments"));
            });
  }

  @Test
  void tellsMissingFileAndBadSyntax() throws IOException {
    assertThatThrownBy(() -> KeyFile.open(file)).isInstanceOf(NoSuchFileException.class);
    Files.writeString(file, "keys {\n a { role = \n");
    assertThatThrownBy(() -> KeyFile.open(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file.toString());
    Files.writeString(file, "");
    assertThatThrownBy(() -> KeyFile.open(file)).hasMessageContaining("keys { … } is missing");
  }

  @Test
  void reloadsAndKeepsOldKeysWhereTheNewFileIsBad() throws IOException {
    ApiKey first = KeyMaker.feed("lean", "lean");
    KeyMaker.write(file, List.of(first));
    KeyFile keys = KeyFile.open(file);
    assertThat(keys.reload()).isFalse();
    KeyMaker.write(file, List.of(KeyMaker.feed("lean", "lean")));
    assertThat(keys.reload()).isTrue();
    assertThat(keys.find("lean")).isNotEqualTo(first);
    ApiKey kept = keys.find("lean");
    Files.writeString(file, "keys { lean { role = feed } }");
    assertThatThrownBy(keys::reload).isInstanceOf(ConfigException.class);
    assertThat(keys.find("lean")).isSameAs(kept);
  }

  @Test
  void writesWhatItReadsForOwnersEyesOnly() throws IOException {
    ApiKey client = KeyMaker.client("demo", 0b11111, true);
    ApiKey some =
        new ApiKey("so.me", client.secret(), Role.CLIENT, 1, false, Set.of("B/C", "A"), false, "");
    ApiKey feed = KeyMaker.feed("lean", "lean");
    KeyMaker.write(file, List.of(client, some, feed));
    assertThat(KeyFile.open(file).keys()).containsExactlyInAnyOrder(client, some, feed);
    assertThat(client.secret()).hasSize(32).isNotEqualTo(feed.secret());
    Path own = folder.resolve("made/demo.key");
    KeyMaker.writeClientKey(own, client);
    assertThat(ClientKey.read(own)).isEqualTo(new ClientKey("demo", client.secret()));
    for (Path path : List.of(file, own)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
      assertThat(KeyFile.isWorldReadable(path)).isFalse();
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(KeyFile.isWorldReadable(file)).isTrue();
    assertThat(client.toString())
        .doesNotContain(java.util.HexFormat.of().formatHex(client.secret()));
  }
}
