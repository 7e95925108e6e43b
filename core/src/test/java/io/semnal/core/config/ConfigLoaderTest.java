package io.semnal.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.market.Timeframe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir Path dir;

  @Test
  void referenceHoldsTheMajorsAndGold() {
    EngineConfig engine = ConfigLoader.reference().engine();
    assertThat(engine.instruments()).hasSize(29);
    assertThat(engine.instruments().get(engine.instrumentIndex("EURUSD")).pip()).isEqualTo(10_000);
    assertThat(engine.instruments().get(engine.instrumentIndex("USDJPY")).pip())
        .isEqualTo(1_000_000);
    assertThat(engine.instrumentIndex("XAUUSD")).isGreaterThanOrEqualTo(0);
    assertThat(engine.timeframes().stream().map(Timeframe::label))
        .containsExactly("1m", "5m", "15m", "1h", "4h", "1d");
  }

  @Test
  void laterSourcesWin() throws IOException {
    Path file = file("gateway.tcpPort = 1\ngateway.wsPort = 1\nfeed.port = 1\n");
    RuntimeConfig runtime =
        ConfigLoader.load(
                file,
                Map.of("SEMNAL_CFG_gateway__wsPort", "2", "SEMNAL_CFG_feed__port", "2"),
                Map.of("feed.port", "3"))
            .runtime();
    assertThat(runtime.gateway().tcpPort()).isEqualTo(1);
    assertThat(runtime.gateway().wsPort()).isEqualTo(2);
    assertThat(runtime.feed().port()).isEqualTo(3);
    assertThat(runtime.admin().port()).isEqualTo(7104);
  }

  @Test
  void includesFilesThatAreThereAndNamesThoseThatAreNot() throws IOException {
    Files.writeString(dir.resolve("ports.conf"), "gateway.tcpPort = 1\n");
    Path file = file("include \"ports.conf\"\nfeed.port = 2\n");
    RuntimeConfig runtime = ConfigLoader.load(file, Map.of(), Map.of()).runtime();
    assertThat(runtime.gateway().tcpPort()).isEqualTo(1);
    assertThat(runtime.feed().port()).isEqualTo(2);
    Path wrong = file("include \"prots.conf\"\nfeed.port = 2\n");
    assertThatThrownBy(() -> ConfigLoader.load(wrong, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("prots.conf");
  }

  @Test
  void environmentOverlayStandsBetweenDefaultsAndFile() throws IOException {
    assertThat(idle(null, Map.of("SEMNAL_ENV", "production")))
        .isEqualTo(RuntimeConfig.Threads.Idle.SPIN);
    assertThat(idle(file("threads.idle = yield\nenvironment = production"), Map.of()))
        .isEqualTo(RuntimeConfig.Threads.Idle.YIELD);
    assertThat(idle(null, Map.of())).isEqualTo(RuntimeConfig.Threads.Idle.BACKOFF);
  }

  private static RuntimeConfig.Threads.Idle idle(Path file, Map<String, String> environment) {
    return ConfigLoader.load(file, environment, Map.of()).runtime().threads().idle();
  }

  @Test
  void namesUnknownKeyWithItsLineAndTheNearestKnown() throws IOException {
    Path file = file("gateway {\n  tcpPort = 5\n  tcpProt = 5\n}\n");
    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("gateway.tcpProt = 5: unknown key")
        .hasMessageContaining("did you mean gateway.tcpPort?")
        .hasMessageContaining("my.conf: 3");
  }

  @Test
  void namesEveryBadValueAtOnceWithItsOrigin() throws IOException {
    Path file = file("clock.mode = sundial\nrings.inbound = 1000\nuniverse = [EURUSD, EURXXX]\n");
    assertThatThrownBy(
            () -> ConfigLoader.load(file, Map.of(), Map.of("policy.buyThreshold", "-0.5")))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(4))
        .hasMessageContaining("clock.mode = sundial: must be one of wall, source")
        .hasMessageContaining("my.conf: 1")
        .hasMessageContaining("rings.inbound = 1000: must be a power of two")
        .hasMessageContaining("'EURXXX' is not among instruments")
        .hasMessageContaining("-Dpolicy.buyThreshold");
  }

  @Test
  void readsChallengersByStrategyOutsideTheEnginesPart() throws IOException {
    Path file = file("models.shadow { core-1m = [\"default@2\", \"mine@champion\"] }\n");
    SemnalConfig config = ConfigLoader.load(file, Map.of(), Map.of());
    assertThat(config.runtime().models().shadow())
        .isEqualTo(Map.of("core-1m", List.of("default@2", "mine@champion")));
    // A run goes on when they change.
    assertThat(config.engineText()).isEqualTo(ConfigLoader.reference().engineText());
  }

  @Test
  void namesWhatIsWrongWithChallengers() throws IOException {
    Path file =
        file("models.shadow { core-2m = [\"a@1\"], core-1m = [\"a@1\", \"a@1\", \"A@0\"] }\n");
    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .hasMessageContaining("models.shadow.core-2m: there is no enabled strategy of this name")
        .hasMessageContaining("models.shadow.core-1m: names a model twice")
        .hasMessageContaining("'A@0' is not name, name@version or name@alias")
        .hasMessageContaining("my.conf: 1");
  }

  @Test
  void namesUnknownVariable() {
    assertThatThrownBy(
            () -> ConfigLoader.load(null, Map.of("SEMNAL_CFG_clok__mode", "wall"), Map.of()))
        .hasMessageContaining("clok")
        .hasMessageContaining("SEMNAL_CFG_clok__mode");
  }

  @Test
  void refusesAnOpenAddressWithoutTls() {
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), Map.of("gateway.host", "0.0.0.0")))
        .hasMessageContaining("insecure = true");
    assertThat(
            ConfigLoader.load(
                    null, Map.of(), Map.of("gateway.host", "0.0.0.0", "gateway.insecure", "true"))
                .runtime()
                .gateway()
                .host())
        .isEqualTo("0.0.0.0");
  }

  @Test
  void strategyPolicyFallsBackToTheCommonOne() throws IOException {
    Path file = file("policy.margin = 0.2\nstrategies.core-1m.policy { buyThreshold = 0.9 }\n");
    PolicyConfig policy =
        ConfigLoader.load(file, Map.of(), Map.of()).engine().strategies().getFirst().policy();
    assertThat(policy.buyThreshold()).isEqualTo(0.9);
    assertThat(policy.margin()).isEqualTo(0.2);
    assertThat(policy.horizonBars()).isEqualTo(30);
  }

  @Test
  void aFeatureSetMayAskForAWindow() throws IOException {
    SemnalConfig config =
        ConfigLoader.load(
            file("features.seq { timeframe = 5m, price = mid, columns = [close], window = 20 }"),
            Map.of(),
            Map.of());
    assertThat(config.engine().featureSet("seq").window()).isEqualTo(20);
    assertThat(config.engine().featureSet("seq").width()).isEqualTo(20);
    assertThat(config.engine().featureSet("fx-core").window()).isEqualTo(1);
    assertThat(ConfigLoader.engine(config.engineText())).isEqualTo(config.engine());
  }

  @Test
  void refusesAWindowThatNoModelTakes() {
    assertThatThrownBy(() -> window("0"))
        .hasMessageContaining("features.fx-core.window = 0: must be a whole number; must be 1 to");
    assertThatThrownBy(() -> window("20 bars"))
        .hasMessageContaining("features.fx-core.window = 20 bars: must be a whole number");
    assertThatThrownBy(() -> window("300"))
        .hasMessageContaining(
            "features.fx-core.window = 300: 300 rows of 17 columns are more than 4096 values");
    assertThatThrownBy(
            () -> ConfigLoader.load(null, Map.of(), Map.of("features.fx-core.windw", "3")))
        .hasMessageContaining("did you mean features.fx-core.window?");
  }

  private static void window(String value) {
    ConfigLoader.load(null, Map.of(), Map.of("features.fx-core.window", value));
  }

  @Test
  void engineTextReadsBackEqualAndIsCanonical() throws IOException {
    SemnalConfig one =
        ConfigLoader.load(file("universe = [USDJPY, EURUSD]"), Map.of(), Map.of("feed.port", "9"));
    SemnalConfig two = ConfigLoader.load(null, Map.of(), Map.of("universe", "[USDJPY, EURUSD]"));
    assertThat(ConfigLoader.engine(one.engineText())).isEqualTo(one.engine());
    assertThat(one.engineText()).isEqualTo(two.engineText());
    assertThat(one.engine().instruments().stream().map(i -> i.symbol()).toList())
        .isEqualTo(List.of("EURUSD", "USDJPY"));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(dir.resolve("my.conf"), text);
  }
}
