package io.semnal.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AeronConfigTest {
  private static AeronConfig load(Map<String, String> more) {
    return ConfigLoader.load(null, Map.of(), more).runtime().aeron();
  }

  private static Map<String, String> publishing(String channel) {
    return new HashMap<>(Map.of("aeron.publish.enabled", "true", "aeron.publish.channel", channel));
  }

  @Test
  void isOffByDefault() {
    assertThat(load(Map.of()).isOn()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aeron:ipc",
        "aeron:ipc?term-length=1m",
        "aeron:udp?endpoint=127.0.0.1:7000",
        "aeron:udp?endpoint=localhost:7000|interface=127.0.0.1/8",
        "aeron:udp?endpoint=[::1]:7000",
        "aeron:udp?control=127.0.0.1:7000|control-mode=dynamic"
      })
  void takesChannelsThatStayOnThisMachine(String channel) {
    AeronConfig config = load(publishing(channel));
    assertThat(config.isOn()).isTrue();
    assertThat(config.publish().channel()).isEqualTo(channel);
    assertThat(config.publish().channels()).isEqualTo(0b10111);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aeron:udp?endpoint=192.0.2.7:7000",
        "aeron:udp?endpoint=224.0.1.1:7000|interface=127.0.0.1",
        "aeron:udp?control=0.0.0.0:7000|control-mode=dynamic",
        "aeron:udp?endpoint=127.0.0.1:7000|interface=192.0.2.0/24"
      })
  void refusesWhatLeavesThisMachineUnlessToldThatItIsInsecure(String channel) {
    Map<String, String> more = publishing(channel);
    assertThatThrownBy(() -> load(more))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("aeron.publish.channel")
        .hasMessageContaining(
            "is not a loopback address: Aeron neither encrypts nor authenticates, this needs"
                + " insecure = true");
    more.put("aeron.publish.insecure", "true");
    assertThatCode(() -> load(more)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "aeron.publish.channel; udp://127.0.0.1:1; must be aeron:ipc or aeron:udp?endpoint=",
        "aeron.publish.channel; aeron-spy:aeron:ipc; must be aeron:ipc or aeron:udp?endpoint=",
        "aeron.publish.channel; aeron:udp?interface=127.0.0.1; names neither endpoint= nor control=",
        "aeron.publish.stream; 0; must be 1 to",
        "aeron.publish.heartbeat; 1ms; must be at least 10ms",
        "aeron.termLength; 3000000; must be a power of two",
        "aeron.maxSleep; 5s; must be 1us to 100ms",
        "aeron.feed.source; two words; must be a name of 1 to 32 printable characters",
        "aeron.publish.port; 7; unknown key"
      })
  void saysWhatIsWrong(String key, String value, String sentence) {
    Map<String, String> more = publishing("aeron:ipc");
    more.put("aeron.feed.enabled", "true");
    more.put(key, value);
    assertThatThrownBy(() -> load(more))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(sentence);
  }

  @Test
  void refusesToHearItself() {
    Map<String, String> more = publishing("aeron:ipc");
    more.put("aeron.feed.enabled", "true");
    more.put("aeron.feed.channel", "aeron:ipc");
    more.put("aeron.feed.stream", "1001");
    assertThatThrownBy(() -> load(more))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the server would hear itself");
  }

  @Test
  void quotesAreNoChannelOfTheStream() throws Exception {
    java.nio.file.Path file = java.nio.file.Files.createTempFile("aeron", ".conf");
    java.nio.file.Files.writeString(file, "aeron.publish.channels = [signals, quotes]\n");
    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be all, or a list of [signals, scores, bars, status]");
    java.nio.file.Files.writeString(file, "aeron.publish.channels = [signals, status]\n");
    assertThat(ConfigLoader.load(file, Map.of(), Map.of()).runtime().aeron().publish().channels())
        .isEqualTo(0b10001);
    java.nio.file.Files.delete(file);
  }
}
