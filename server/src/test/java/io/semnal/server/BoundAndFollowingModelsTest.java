package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.core.access.KeyFile;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.journal.Progress;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.session.ClientKey;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One configuration with a strategy that follows a model's name and one that is bound to a version
 * of it, through promotions and restarts.
 */
class BoundAndFollowingModelsTest {
  @TempDir private Path folder;
  private ServerSetup setup;
  private ModelRegistry registry;

  @BeforeEach
  void setUp() throws Exception {
    setup = new ServerSetup(folder);
    registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
  }

  private SemnalConfig config(int bound) throws Exception {
    Files.writeString(
        folder.resolve("engine.conf"),
        """
        universe = [EURUSD]
        strategies.bound-1m = ${strategies.core-1m} { model = "default@%d", enabled = true }
        """
            .formatted(bound));
    SemnalConfig config =
        setup.load(
            folder.resolve("journal"),
            Map.of("models.directory", folder.resolve("models").toString()));
    if (registry.list().isEmpty()) {
      FeatureSetConfig set = config.engine().featureSet("fx-core");
      String hash = HexFormat.of().formatHex(FeaturePipeline.hash(set));
      ModelCard card = ModelSwapTest.card(set.name(), hash, set.columns());
      for (int i = 0; i < 2; i++) {
        registry.register(
            OnnxWriter.logistic(
                new double[3][set.columns().size()], new double[] {i, 0, 0}, ModelSwapTest.CLASSES),
            card);
      }
      registry.setAlias("default", ModelRegistry.CHAMPION, 1);
    }
    return config;
  }

  /** Starts, promotes if told to, and ends; what scores at the end, by strategy. */
  private Map<String, String> serve(SemnalConfig config, String promoted) throws Exception {
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    Metrics metrics = new Metrics();
    Map<String, String> scoring = new TreeMap<>();
    try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE)) {
      try (SignalServer server = new SignalServer(config, host, metrics, keys, keys, null)) {
        URI uri = URI.create("http://127.0.0.1:" + server.start().admin().getPort());
        try (AdminClient admin = new AdminClient(uri, ClientKey.read(setup.clientKey()))) {
          if (promoted != null) {
            admin.promote(promoted);
          }
          for (JsonNode one : admin.models().path("strategies")) {
            scoring.put(one.path("strategy").asText(), one.path("model").asText());
          }
        }
      }
      assertNull(host.failure());
    }
    return scoring;
  }

  /** What a killed process leaves: default@2 was to follow default@1. */
  private Path leaveBehind() throws Exception {
    try (LoadedModel second = registry.load("default@2")) {
      String hash = HexFormat.of().formatHex(second.sha256());
      return Files.writeString(
          folder.resolve("journal/promotion"),
          String.join("\t", "default", "2", hash, second.kind().name(), "1") + "\n");
    }
  }

  private int runs() {
    return JournalView.inbound(folder.resolve("journal"), t -> t == RunHeaderDecoder.TEMPLATE_ID)
        .size();
  }

  @Test
  void theSameRunGoesOnAfterAPromotion() throws Exception {
    SemnalConfig config = config(1);
    Map<String, String> both = Map.of("bound-1m", "default@1", "core-1m", "default@1");
    Map<String, String> promoted = Map.of("bound-1m", "default@1", "core-1m", "default@2");
    assertEquals(both, serve(config, null));
    assertEquals(promoted, serve(config, "default@2"));
    assertEquals(promoted, serve(config, null));
    assertEquals(1, runs());
    assertEquals(2, registry.version("default", ModelRegistry.CHAMPION).orElseThrow());
  }

  /** A kill after the promotion was written down, before its activation was journaled. */
  @Test
  void aBoundVersionIsNotTakenForItsActivation() throws Exception {
    SemnalConfig config = config(2);
    Map<String, String> scoring = Map.of("bound-1m", "default@2", "core-1m", "default@1");
    assertEquals(scoring, serve(config, null));
    Path pending = leaveBehind();
    assertEquals(scoring, serve(config, null));
    assertFalse(Files.exists(pending));
    assertEquals(1, registry.version("default", ModelRegistry.CHAMPION).orElseThrow());
    assertEquals(1, runs());
  }

  @Test
  void anActivatedOneBecomesTheChampionBesideABoundOne() throws Exception {
    SemnalConfig config = config(1);
    serve(config, "default@2");
    // As a kill before the alias moved leaves it.
    registry.setAlias("default", ModelRegistry.CHAMPION, 1);
    leaveBehind();
    assertEquals(Map.of("bound-1m", "default@1", "core-1m", "default@2"), serve(config, null));
    assertEquals(2, registry.version("default", ModelRegistry.CHAMPION).orElseThrow());
    assertEquals(1, runs());
  }
}
