package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.session.ClientKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are damaged or mean harm, promoted in a server that runs under a steady feed. */
class HostilePromotionTest {
  private static final int RATE = 20_000;
  private static final int ROUNDS = 4;
  private static final int SCORE = ScoreDecoder.TEMPLATE_ID;

  /** What a server of this size may take more after the first round: code and buffers. */
  private static final long MOST_GROWTH_KIB = 128 << 10;

  @TempDir private Path folder;

  @Test
  void eachIsRefusedAndTheOldModelGoesOnScoring() throws Exception {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd");
    ServerSetup setup = new ServerSetup(folder, "strategies.core-1m.trigger = tick");
    Map<String, HostileModels.Case> cases = register(setup);
    try (SemnalProcess server =
            setup.start("-Dmodels.directory=" + folder.resolve("models"), "-Dmodels.scorer=auto");
        SemnalProcess feed = setup.feed(RATE, files);
        AdminClient admin = admin(server, setup)) {
      String scoring = admin.models().at("/strategies/0/model").asText();
      assertEquals("default@1", scoring);
      awaitScores(setup, 1);
      long memory = 0;
      for (int round = 0; round < ROUNDS; round++) {
        for (Map.Entry<String, HostileModels.Case> one : cases.entrySet()) {
          String reference = one.getKey();
          IOException refused =
              assertThrows(IOException.class, () -> admin.promote(reference), reference);
          String said = refused.getMessage();
          assertTrue(said.startsWith("not activated, the old model stays: "), said);
          assertTrue(said.contains(one.getValue().sentence()), reference + ": " + said);
          assertFalse(said.contains("Exception"), said);
          assertFalse(said.contains("root:"), said);
        }
        memory = round == 0 ? residentKib(server) : memory;
      }
      long growth = residentKib(server) - memory;
      assertTrue(growth < MOST_GROWTH_KIB, "grew by KiB " + growth);
      assertEquals("default@1", admin.models().at("/strategies/0/model").asText());
      awaitScores(setup, JournalView.outbound(setup.journal(), t -> t == SCORE).size() + 1);
      assertTrue(feed.isAlive(), "refused under load");
      feed.kill();
      assertEquals(0, server.stop(), server::output);
    }
    assertEquals(
        0,
        JournalView.inbound(setup.journal(), t -> t == ModelActivationDecoder.TEMPLATE_ID).size());
    assertEquals(
        1,
        JournalView.outbound(setup.journal(), t -> t == ModelDefinitionDecoder.TEMPLATE_ID).size());
  }

  /** A sound version 1, the champion, and a spoiled one of each kind: by their references. */
  private Map<String, HostileModels.Case> register(ServerSetup setup) throws IOException {
    ModelRegistry registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
    var engine = setup.load(folder.resolve("none"), Map.of()).engine();
    FeatureSetConfig set = engine.featureSet(engine.strategies().getFirst().featureSet());
    String hash = HexFormat.of().formatHex(FeaturePipeline.hash(set));
    int features = set.columns().size();
    byte[] onnx =
        OnnxWriter.logistic(new double[3][features], new double[3], ModelSwapTest.CLASSES);
    registry.register(onnx, ModelSwapTest.card(set.name(), hash, set.columns()));
    registry.setAlias("default", ModelRegistry.CHAMPION, 1);
    Map<String, HostileModels.Case> cases = new LinkedHashMap<>();
    for (HostileModels.Case one : new HostileModels(features).cases().values()) {
      int version = registry.register(onnx, ModelSwapTest.card(set.name(), hash, set.columns()));
      one.spoiler().spoil(folder.resolve("models/default/" + version));
      cases.put("default@" + version, one);
    }
    return cases;
  }

  private static AdminClient admin(SemnalProcess server, ServerSetup setup)
      throws IOException, InterruptedException {
    String line = server.awaitLine(ServerSetup.PATIENCE, l -> l.startsWith("admin "));
    URI uri = URI.create(line.substring(line.indexOf("http")).replace("/health/ready", ""));
    return new AdminClient(uri, ClientKey.read(setup.clientKey()));
  }

  /** Waits until the journal holds that many scores. */
  private static void awaitScores(ServerSetup setup, int atLeast) throws InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    int[] scores = {0};
    try (JournalDirectory directory = JournalDirectory.openReadOnly(setup.journal());
        QueueReader reader = directory.outboundReader()) {
      while (scores[0] < atLeast) {
        assertTrue(System.nanoTime() < deadline, "no more scores");
        if (!reader.readNext(
            (buffer, offset, length) -> {
              int template = MessageLayout.templateId(buffer, offset);
              scores[0] += template == SCORE ? 1 : 0;
            })) {
          Thread.sleep(5);
        }
      }
    }
  }

  private static long residentKib(SemnalProcess process) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new AssertionError("no VmRSS");
  }
}
