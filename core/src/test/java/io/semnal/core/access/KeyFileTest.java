package io.semnal.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.ConfigException;
import io.semnal.core.metrics.Metrics;
import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.KeyLimits;
import io.semnal.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
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

  @Test
  void readsSignersClientsAndLimits() throws IOException {
    Files.writeString(
        file,
        """
        keys {
          acme-1 { role = client, publicKey = "%1$s", client = acme, channels = [signals]
                   limits { connections = 2, messagesPerSecond = 50, replay = 1000, delay = 15m } }
          acme-2 { role = client, secret = "%2$s", client = acme, channels = [signals] }
        }
        """
            .formatted("ab".repeat(32), SECRET));
    ApiKey key = KeyFile.open(file).find("acme-1");
    assertThat(key.scheme()).isEqualTo(AuthScheme.ED25519);
    assertThat(key.publicKey()).hasSize(32).containsOnly(0xab);
    assertThat(key.client()).isEqualTo("acme");
    assertThat(key.limits()).isEqualTo(new KeyLimits(2, 50, 1000, Duration.ofMinutes(15)));
    assertThat(KeyFile.open(file).find("acme-2").client()).isEqualTo("acme");
  }

  @Test
  void aClientHasTwoLiveKeysAtMost() throws IOException {
    ApiKey one = KeyMaker.client("a", 1, false).of("acme", KeyLimits.NONE);
    ApiKey two = KeyMaker.client("b", 1, false).of("acme", KeyLimits.NONE);
    ApiKey three = KeyMaker.client("c", 1, false).of("acme", KeyLimits.NONE);
    KeyMaker.write(file, List.of(one, two));
    assertThat(KeyFile.open(file).keys()).containsExactlyInAnyOrder(one, two);
    KeyMaker.write(file, List.of(one, two, three));
    assertThatThrownBy(() -> KeyFile.open(file)).hasMessageContaining("more than two keys");
  }

  @Test
  void sealedSecretsAreReadUnderTheirMasterKeyOnly() throws IOException {
    MasterKey master = MasterKey.generate();
    ApiKey demo = KeyMaker.client("demo", 31, true);
    ApiKey signer = KeyMaker.client("signer", 31, true).provenBy(new byte[32]);
    ApiKey slow =
        KeyMaker.client("slow", 1, false)
            .of("slow", new KeyLimits(1, 2, 3, Duration.ofMillis(1500)));
    KeyMaker.write(file, List.of(demo, signer, slow), master);
    assertThat(Files.readString(file)).doesNotContain(HexFormat.of().formatHex(demo.secret()));
    assertThat(KeyFile.open(file, master).keys()).containsExactlyInAnyOrder(demo, signer, slow);
    assertThatThrownBy(() -> KeyFile.open(file, (MasterKey) null))
        .hasMessageContaining("keys.demo.sealed")
        .hasMessageContaining("SEMNAL_MASTER_KEY");
    assertThatThrownBy(() -> KeyFile.open(file, MasterKey.generate()))
        .hasMessageContaining("another master key");
    String sealed = Files.readString(file).replaceAll("(?s).*sealed = \"([^\"]*)\".*", "$1");
    Files.writeString(
        file, "keys { other { role = client, channels = [bars], sealed = \"" + sealed + "\" } }");
    assertThatThrownBy(() -> KeyFile.open(file, master))
        .hasMessageContaining("belongs to another key");
  }

  /** The cipher by the JDK's own classes, from the documented form. */
  @Test
  void sealIsTheDocumentedAesGcm() throws Exception {
    byte[] raw = new byte[32];
    Arrays.fill(raw, (byte) 7);
    MasterKey master = MasterKey.from(Map.of(MasterKey.VARIABLE, HexFormat.of().formatHex(raw)));
    byte[] secret = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    String[] parts = master.seal("acme", secret).split(":");
    assertThat(parts[1])
        .isEqualTo(
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw), 0, 8));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(raw, "AES"),
        new GCMParameterSpec(128, HexFormat.of().parseHex(parts[2])));
    cipher.updateAAD("semnal-key-1:acme".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(cipher.doFinal(HexFormat.of().parseHex(parts[3]))).isEqualTo(secret);
  }

  @Test
  void masterKeyFileIsForItsOwnersEyesOnly() throws IOException {
    Path master = folder.resolve("master.key");
    MasterKey.generate().write(master);
    assertThat(MasterKey.read(master)).isNotNull();
    assertThat(MasterKey.from(Map.of(MasterKey.FILE_VARIABLE, master.toString()))).isNotNull();
    assertThat(MasterKey.from(Map.of())).isNull();
    for (String rights : List.of("rw-r-----", "rw----r--")) {
      Files.setPosixFilePermissions(master, PosixFilePermissions.fromString(rights));
      assertThatThrownBy(() -> MasterKey.read(master)).hasMessageContaining("chmod 600");
    }
    assertThatThrownBy(() -> MasterKey.from(Map.of(MasterKey.VARIABLE, "abc123hush")))
        .hasMessageContaining(MasterKey.VARIABLE)
        .message()
        .doesNotContain("hush");
  }

  @Test
  void watchReadsAChangedFileAgainAndKeepsOldKeysWhereItCannot() throws Exception {
    ApiKey first = KeyMaker.feed("lean", "lean");
    KeyMaker.write(file, List.of(first));
    KeyFile keys = KeyFile.open(file);
    FileWatch watch = new FileWatch(new Metrics()).add("keys", List.of(file), keys::reload);
    assertThat(watch.doWork()).isEqualTo(1);
    assertThat(keys.version()).isZero();
    assertThat(watch.doWork()).isZero();
    ApiKey second = KeyMaker.feed("lean", "lean");
    KeyMaker.write(file, List.of(second));
    until(watch);
    assertThat(keys.find("lean")).isEqualTo(second);
    assertThat(keys.version()).isEqualTo(1);
    Files.delete(file);
    until(watch);
    assertThat(keys.find("lean")).isEqualTo(second);
    assertThat(keys.version()).isEqualTo(1);
  }

  private static void until(FileWatch watch) {
    Await.until("a change that is seen", () -> watch.doWork() > 0);
  }

  /**
   * A key file is written by hand and has no checksum: a damaged secret is another secret, which
   * proves nothing. Whatever is damaged, no key gets a right that it was not given, and what cannot
   * be read is refused with the file's name.
   */
  @Test
  void noDamageGivesAKeyMoreRights() throws IOException {
    String text =
        """
        keys {
          demo { role = client, secret = "%1$s", channels = [signals, bars], admin = false
                 instruments = [EURUSD, USDJPY], limits { connections = 2 } }
          lean { role = feed, secret = "%1$s", source = "lean" }
        }
        """
            .formatted(SECRET);
    byte[] whole = text.getBytes(StandardCharsets.UTF_8);
    Files.write(file, whole);
    int rights = KeyFile.open(file).find("demo").channels();
    Random random = new Random(4);
    int refused = 0;
    int read = 0;
    for (int round = 0; round < 300; round++) {
      byte[] bytes = whole.clone();
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 16), (byte) 0);
        case 2 -> bytes[at] = (byte) random.nextInt();
        default -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      }
      Files.write(file, bytes);
      try {
        KeyFile keys = KeyFile.open(file);
        read++;
        for (ApiKey key : keys.keys()) {
          String damage = new String(bytes, StandardCharsets.ISO_8859_1);
          assertThat(key.admin()).as(damage).isFalse();
          assertThat(key.channels() & ~rights).as(damage).isZero();
          assertThat(key.role() == Role.CLIENT && key.mayRead("GBPUSD")).as(damage).isFalse();
        }
      } catch (ConfigException e) {
        assertThat(e).hasMessageContaining("keys.conf");
        refused++;
      }
    }
    assertThat(refused).isPositive();
    assertThat(read).isPositive();
  }
}
