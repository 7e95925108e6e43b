package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.core.access.KeyFile;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.ModelTraining;
import io.semnal.inference.registry.ModelTraining.Deciles;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.Progress;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.JournalView.Message;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A challenger of the champion's own bytes says what the champion says, beside the journal. */
class ShadowScoresTest {
  private static final int CLASSES = 3;

  @TempDir private Path folder;

  private static byte[] onnx(int columns) {
    double[][] weights = new double[CLASSES][columns];
    for (int c = 0; c < CLASSES; c++) {
      for (int i = 0; i < columns; i++) {
        weights[c][i] = ((i * 7 + c * 3) % 11 - 5) * 0.02;
      }
    }
    return OnnxWriter.logistic(weights, new double[] {0.1, 0.2, 0}, ModelSwapTest.CLASSES);
  }

  /** Deciles of two columns: one of values that never come, one of all that can come. */
  private static ModelCard withDeciles(ModelCard card, List<String> columns) {
    double[] far = new double[100];
    Arrays.setAll(far, i -> 1e6 + i);
    double[] hour = new double[100];
    Arrays.setAll(hour, i -> Math.sin(i * Math.PI / 50));
    ModelTraining training =
        new ModelTraining(
            "hand",
            new TreeMap<>(),
            1,
            1,
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(Deciles.of(columns.getFirst(), far), Deciles.of("session.hourSin", hour)));
    return card.withTraining(training);
  }

  private FeatureSetConfig register(ServerSetup setup) {
    var engine = setup.load(folder.resolve("none"), Map.of()).engine();
    FeatureSetConfig set = engine.featureSet(engine.strategies().getFirst().featureSet());
    ModelRegistry registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
    String hash = HexFormat.of().formatHex(FeaturePipeline.hash(set));
    ModelCard card = ModelSwapTest.card(set.name(), hash, set.columns());
    byte[] onnx = onnx(set.columns().size());
    registry.register(onnx, withDeciles(card, set.columns()));
    registry.register(onnx, card);
    registry.setAlias("default", ModelRegistry.CHAMPION, 1);
    registry.setAlias("default", ModelRegistry.CHALLENGER, 2);
    return set;
  }

  @Test
  void sayWhatTheChampionSaysWithoutANumber() throws Exception {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 5);
    ServerSetup setup = new ServerSetup(folder, "strategies.core-1m.trigger = tick");
    FeatureSetConfig set = register(setup);
    Path journal = folder.resolve("journal");
    SemnalConfig config =
        setup.load(journal, Map.of("models.directory", folder.resolve("models").toString()));
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    Metrics metrics = new Metrics();
    try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE)) {
      try (SignalServer server = new SignalServer(config, host, metrics, keys, keys, null)) {
        SignalServer.Ports ports = server.start();
        ThreadCompositionsTest.feed(config, ports, files);
        drifts(ports, setup.clientKey(), set, metrics);
      }
      assertNull(host.failure());
    }
    Map<Long, ScoreDecoder> champion = scored(journal);
    assertEquals(champion.size(), counter(metrics, "shadow_rows_total") + dropped(metrics), "rows");
    List<ScoreDecoder> shadow = shadow(journal);
    assertEquals(counter(metrics, "shadow_scores_total"), shadow.size());
    assertFalse(shadow.isEmpty());
    for (ScoreDecoder score : shadow) {
      ScoreDecoder own = champion.get(score.causeSeq());
      assertNotNull(own, "a score of the champion's");
      assertEquals(own.buy(), score.buy());
      assertEquals(own.sell(), score.sell());
      assertEquals(own.neutral(), score.neutral());
      assertEquals(own.featureHash(), score.featureHash());
      assertEquals(own.side(), score.side());
      assertEquals(own.time(), score.time());
      assertEquals(own.strategyId(), score.strategyId());
      assertEquals(0, score.outSeq());
    }
    // Rows after the challenger's last may have been dropped, as those between may.
    long first = shadow.getFirst().causeSeq();
    long last = shadow.getLast().causeSeq();
    long meanwhile = champion.keySet().stream().filter(c -> c >= first && c <= last).count();
    comparesAlike(journal, meanwhile, shadow);
    String verified = CommandRun.done("replay", "--verify", "--journal", journal.toString()).out();
    assertTrue(verified.contains("identical: 1 run(s)"), verified);
    Path csv = folder.resolve("shadow.csv");
    CommandRun.done(
        "export", "--what", "shadow", "--journal", journal.toString(), "--out", csv.toString());
    List<String> lines = Files.readAllLines(csv);
    assertEquals(shadow.size() + 1, lines.size());
    assertTrue(lines.get(1).endsWith("," + shadow.getFirst().causeSeq()), lines.get(1));
    assertTrue(lines.get(1).contains(",EURUSD,1m,core-1m,default@2,"), lines.get(1));
  }

  /** The table of {@code models compare}, of a champion and its like. */
  private static void comparesAlike(Path journal, long champions, List<ScoreDecoder> shadow) {
    String table =
        CommandRun.done(
                "models", "compare", "default", "default@2", "--journal", journal.toString())
            .out();
    assertTrue(
        table.startsWith(
            String.format(
                Locale.ROOT,
                "%,d rows that both were given, %,d scored by both; %,d of the champion's were not"
                    + " shown to the challenger",
                shadow.size(),
                shadow.size(),
                champions - shadow.size())),
        table);
    assertTrue(table.contains("the same side on 100.00 % of them"), table);
    List<SignalType> sides = List.of(SignalType.SELL, SignalType.NEUTRAL, SignalType.BUY);
    for (int i = 0; i < sides.size(); i++) {
      SignalType side = sides.get(i);
      long count = shadow.stream().filter(score -> score.side() == side).count();
      List<String> cells = new ArrayList<>(List.of(side.name(), "0", "0", "0"));
      cells.set(i + 1, String.format(Locale.ROOT, "%,d", count));
      assertTrue(
          table.lines().anyMatch(l -> List.of(l.trim().split(" +")).equals(cells)),
          cells + " in " + table);
    }
    for (String score : List.of("buy", "sell", "neutral")) {
      assertTrue(
          table.lines().anyMatch(l -> l.matches(score + " +0\\.000000 +0\\.000000 +0\\.000000")),
          table);
    }
    assertTrue(table.lines().anyMatch(l -> l.matches("Brier score +(\\d\\.\\d{5}) +\\1")), table);
  }

  private static long counter(Metrics metrics, String name) {
    return metrics.counters().stream()
        .filter(counter -> counter.name().equals(name))
        .mapToLong(Counter::get)
        .findFirst()
        .orElseThrow();
  }

  private static long dropped(Metrics metrics) {
    return counter(metrics, "shadow_rows_dropped_total");
  }

  /** Of two columns: the one whose values never came in training, the other as it was. */
  private static void drifts(
      SignalServer.Ports ports, Path key, FeatureSetConfig set, Metrics metrics) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + ports.admin().getPort());
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    try (AdminClient admin = new AdminClient(uri, ClientKey.read(key))) {
      JsonNode drift = admin.drift();
      while (drift.at("/models/0/psiMax").isMissingNode()
          || drift.at("/models/0/psiMax").isNull()) {
        assertTrue(System.nanoTime() < deadline, drift::toString);
        Thread.sleep(50);
        drift = admin.drift();
      }
      JsonNode model = drift.at("/models/0");
      assertEquals("default@1", model.get("model").asText());
      assertEquals(set.columns().getFirst(), model.get("psiMaxOf").asText());
      assertTrue(model.get("psiMax").asDouble() > 1, drift::toString);
      assertEquals(1.0, model.at("/columns/0/outOfRange").asDouble(), drift::toString);
      assertEquals(0.0, model.at("/columns/1/outOfRange").asDouble(), drift::toString);
      assertEquals(0.0, model.at("/columns/1/missing").asDouble(), drift::toString);
      assertTrue(
          metrics.reals().stream()
              .anyMatch(
                  real ->
                      real.name().equals("model_drift_psi_max{strategy=\"core-1m\"}")
                          && real.value().getAsDouble() > 1));
    }
  }

  /** The champion's, by cause: with one instrument and one strategy a tick causes one. */
  private static Map<Long, ScoreDecoder> scored(Path journal) {
    Map<Long, ScoreDecoder> scores = new HashMap<>();
    for (Message message : JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID)) {
      ScoreDecoder score =
          new ScoreDecoder().wrapAndApplyHeader(message.buffer(), 0, new MessageHeaderDecoder());
      if (!Double.isNaN(score.buy())) {
        assertNull(scores.put(score.causeSeq(), score));
      }
    }
    return scores;
  }

  static List<ScoreDecoder> shadow(Path journal) {
    List<Message> messages = new ArrayList<>();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.shadowReader()) {
      while (reader.readNext(
          (buffer, offset, length) -> {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            messages.add(new Message(new org.agrona.concurrent.UnsafeBuffer(bytes)));
          })) {
        // To the end.
      }
    }
    Message first = messages.removeFirst();
    assertEquals(ModelDefinitionDecoder.TEMPLATE_ID, MessageLayout.templateId(first.buffer(), 0));
    return messages.stream()
        .map(m -> new ScoreDecoder().wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder()))
        .toList();
  }
}
