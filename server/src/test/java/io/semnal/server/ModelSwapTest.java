package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another model takes over in a running server, under a steady feed and through a kill. */
class ModelSwapTest {
  private static final int RATE = 20_000;

  /** When the features are warm, and in the midst of the feed. */
  private static final long FIRST_SWAP = 110_000;

  private static final long SECOND_SWAP = 150_000;

  /** What each version answers to whatever row: softmax of these, SELL, NEUTRAL, BUY. */
  private static final double[][] BIAS = {{0, 0, 1}, {1, 0, 0}, {0, 1, 0.5}};

  static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  @TempDir private Path folder;
  private ServerSetup setup;
  private ModelRegistry registry;

  @BeforeEach
  void registerThreeVersions() throws IOException {
    setup = new ServerSetup(folder, "strategies.core-1m.trigger = tick");
    registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
    FeatureSetConfig set = set();
    String hash = HexFormat.of().formatHex(FeaturePipeline.hash(set));
    for (double[] bias : BIAS) {
      double[][] weights = new double[3][set.columns().size()];
      registry.register(
          OnnxWriter.logistic(weights, bias, CLASSES), card(set.name(), hash, set.columns()));
    }
    registry.setAlias("default", ModelRegistry.CHAMPION, 1);
  }

  private FeatureSetConfig set() {
    var engine = setup.load(folder.resolve("none"), Map.of()).engine();
    return engine.featureSet(engine.strategies().getFirst().featureSet());
  }

  static ModelCard card(String set, String hash, List<String> columns) {
    return new ModelCard(
        "default",
        1,
        set,
        hash,
        columns,
        ModelCard.Output.CLASSES,
        CLASSES,
        "",
        "",
        false,
        "",
        "answers the same to every row",
        "",
        "");
  }

  private SemnalProcess start() throws IOException, InterruptedException {
    return setup.start("-Dmodels.directory=" + folder.resolve("models"));
  }

  private AdminClient admin(SemnalProcess server) throws IOException, InterruptedException {
    String line = server.awaitLine(ServerSetup.PATIENCE, l -> l.startsWith("admin "));
    URI uri = URI.create(line.substring(line.indexOf("http")).replace("/health/ready", ""));
    return new AdminClient(uri, ClientKey.read(setup.clientKey()));
  }

  private int champion() {
    return registry.version("default", ModelRegistry.CHAMPION).orElseThrow();
  }

  @Test
  void takesOverBetweenTwoTicksAndStaysThroughAKill() throws Exception {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd");
    SemnalProcess server = start();
    try (SemnalProcess feed = setup.feed(RATE, files)) {
      awaitInbound(FIRST_SWAP, server);
      JsonNode swapped;
      try (AdminClient admin = admin(server)) {
        refusesWhatDoesNotFit(admin);
        assertEquals("default@1", admin.models().at("/strategies/0/model").asText());
        swapped = admin.promote("default@2");
        assertEquals("default@2", admin.models().at("/strategies/0/model").asText());
        assertEquals(0, admin.promote("default@2").get("journalSeq").asLong(), "scores already");
      }
      assertEquals("default@2", swapped.get("model").asText());
      assertEquals("default@1", swapped.at("/before/0").asText());
      assertEquals(2, champion());
      assertTrue(feed.isAlive(), "the swap was to be under load");

      awaitInbound(SECOND_SWAP, server);
      killAtActivation(server);
      assertTrue(feed.isAlive(), "the kill was to be under load");
      server = start();
      assertEquals(3, champion(), "what the journal has, the registry is told");
      assertTrue(
          server.lines().stream().anyMatch(l -> l.contains("run 1 (continued)")), server::output);
      try (AdminClient admin = admin(server)) {
        assertEquals("default@3", admin.models().at("/strategies/0/model").asText());
      }
      assertEquals(0, feed.await(ServerSetup.PATIENCE), feed::output);
      assertEquals(0, server.stop(), server::output);
      List<Message> activations =
          JournalView.inbound(setup.journal(), t -> t == ModelActivationDecoder.TEMPLATE_ID);
      assertEquals(2, activations.size(), "refused ones are not journaled");
      assertEquals(swapped.get("journalSeq").asLong(), activations.getFirst().journalSeq());
      everyTickIsThere(files);
      eachScoreIsOfTheModelOfItsTime(activations);
      String text =
          CommandRun.done("replay", "--verify", "--journal", setup.journal().toString()).out();
      assertTrue(text.contains("identical: 1 run(s)"), text);
    } finally {
      server.close();
    }
  }

  /** Another's columns, no such version, a name that nothing follows. */
  private void refusesWhatDoesNotFit(AdminClient admin) throws IOException {
    ModelCard other = card("other", "", List.of("return(1)", "return(2)"));
    int version = registry.register(OnnxWriter.logistic(new double[3][2], BIAS[0], CLASSES), other);
    IOException columns =
        assertThrows(IOException.class, () -> admin.promote("default@" + version));
    assertTrue(
        columns.getMessage().startsWith("not activated, the old model stays: default@4"),
        columns.getMessage());
    assertTrue(columns.getMessage().contains("'return(2)'"), columns.getMessage());
    IOException gone = assertThrows(IOException.class, () -> admin.promote("default@9"));
    assertTrue(gone.getMessage().contains("there is no version 9"), gone.getMessage());
    assertEquals(1, champion());
  }

  /** SIGKILL as soon as the activation stands in the journal, whatever the server is at then. */
  private void killAtActivation(SemnalProcess server) throws Exception {
    long seen =
        JournalView.inbound(setup.journal(), t -> t == ModelActivationDecoder.TEMPLATE_ID).size();
    try (AdminClient admin = admin(server);
        JournalDirectory journal = JournalDirectory.openReadOnly(setup.journal());
        QueueReader reader = journal.inboundReader()) {
      List<String> answers = new ArrayList<>();
      Thread promoting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      admin.promote("default@3");
                    } catch (IOException | InterruptedException e) {
                      // The server is killed while it answers, or just after.
                      answers.add(e.toString());
                    }
                  });
      long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
      long[] found = {0};
      while (found[0] <= seen) {
        assertTrue(System.nanoTime() < deadline, server::output);
        if (!reader.readNext(
            (buffer, offset, length) -> {
              if (MessageLayout.templateId(buffer, offset) == ModelActivationDecoder.TEMPLATE_ID) {
                found[0]++;
              }
            })) {
          Thread.onSpinWait();
        }
      }
      server.kill();
      promoting.join();
    }
  }

  private void awaitInbound(long sequence, SemnalProcess server) throws InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(setup.journal());
        QueueReader reader = directory.inboundReader()) {
      while (!reader.seekToSequence(sequence)) {
        assertTrue(server.isAlive(), server::output);
        assertTrue(System.nanoTime() < deadline, server::output);
        Thread.sleep(5);
      }
    }
  }

  private void everyTickIsThere(List<Path> files) throws IOException {
    List<Message> quotes = JournalView.inbound(setup.journal(), t -> t == QuoteDecoder.TEMPLATE_ID);
    QuoteDecoder quote = new QuoteDecoder();
    int at = 0;
    for (Path file : files) {
      for (String[] row : RealTicks.rows(file)) {
        quote.wrapAndApplyHeader(quotes.get(at).buffer(), 0, new MessageHeaderDecoder());
        assertEquals(++at, quote.sourceSeq());
        assertEquals(RealTicks.mantissa(row[1]), quote.bid());
      }
    }
    assertEquals(at, quotes.size());
  }

  private void eachScoreIsOfTheModelOfItsTime(List<Message> activations) {
    List<Message> said = JournalView.outbound(setup.journal(), t -> true);
    List<Message> headers =
        JournalView.inbound(setup.journal(), t -> t == RunHeaderDecoder.TEMPLATE_ID);
    assertEquals(1, headers.size());
    Map<Integer, Integer> versions = new HashMap<>();
    int[] scored = new int[BIAS.length];
    List<Long> changes = new ArrayList<>();
    ScoreDecoder score = new ScoreDecoder();
    ModelDefinitionDecoder model = new ModelDefinitionDecoder();
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    for (int i = 0; i < said.size(); i++) {
      Message message = said.get(i);
      assertEquals(i + 1, message.outSeq(), "contiguous");
      if (message.template() == ModelDefinitionDecoder.TEMPLATE_ID) {
        model.wrapAndApplyHeader(message.buffer(), 0, header);
        versions.put(model.modelId(), model.version());
        changes.add(message.causeSeq());
      } else if (message.template() == ScoreDecoder.TEMPLATE_ID) {
        score.wrapAndApplyHeader(message.buffer(), 0, header);
        int version = 1;
        for (Message activation : activations) {
          version += message.causeSeq() > activation.journalSeq() ? 1 : 0;
        }
        assertEquals(version, versions.get(score.modelId()), "of the model in force");
        if (!Double.isNaN(score.buy())) {
          scored[version - 1]++;
          double[] expected = softmax(BIAS[version - 1]);
          assertEquals(expected[0], score.sell(), 1e-6);
          assertEquals(expected[1], score.neutral(), 1e-6);
          assertEquals(expected[2], score.buy(), 1e-6);
        }
      }
    }
    assertEquals(
        List.of(activations.get(0).journalSeq(), activations.get(1).journalSeq()),
        changes.subList(changes.size() - 2, changes.size()));
    for (int count : scored) {
      assertNotEquals(0, count, "scores of each version");
    }
  }

  private static double[] softmax(double[] x) {
    double sum = 0;
    for (double one : x) {
      sum += Math.exp(one);
    }
    return new double[] {Math.exp(x[0]) / sum, Math.exp(x[1]) / sum, Math.exp(x[2]) / sum};
  }
}
