package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.core.access.KeyFile;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.journal.Progress;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What-if replays of journals with a past: a pruned one, one in which a model was promoted. */
class WhatIfPastTest {
  private static final int QUOTES = 1_800;
  private static final int SECONDS = 20;

  /** What each version answers to whatever row: softmax of these, SELL, NEUTRAL, BUY. */
  private static final double[][] BIAS = {{0, 0, 1}, {1, 0, 0}};

  @TempDir private Path folder;
  private ServerSetup setup;
  private Path journal;
  private ModelRegistry registry;

  /** Columns that are warm after minutes, and constant models for them. */
  @BeforeEach
  void registerModels() throws IOException {
    setup =
        new ServerSetup(
            folder,
            "features.fx-core.columns = [\"return(1)\", \"return(5)\"]",
            "policy.atrPeriod = 3");
    journal = folder.resolve("past");
    registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
    FeatureSetConfig set = config().engine().featureSet("fx-core");
    String hash = HexFormat.of().formatHex(FeaturePipeline.hash(set));
    for (double[] bias : BIAS) {
      registry.register(
          OnnxWriter.logistic(new double[3][set.columns().size()], bias, ModelSwapTest.CLASSES),
          ModelSwapTest.card(set.name(), hash, set.columns()));
    }
    registry.setAlias("default", ModelRegistry.CHAMPION, 1);
  }

  private SemnalConfig config() {
    return setup.load(journal, Map.of("models.directory", folder.resolve("models").toString()));
  }

  /** Weeks apart, so that what goes is no warm-up of what stays. */
  private void importRun(int run, String... more) throws IOException {
    Random random = new Random(run);
    List<String> lines = new ArrayList<>();
    Instant start = Instant.parse("2026-03-03T00:00:00Z").plusSeconds(run * 14L * 86_400);
    long mid = 1_100_000;
    for (int i = 0; i < QUOTES; i++) {
      mid += random.nextInt(101) - 50;
      lines.add(
          String.format(
              Locale.ROOT,
              "%s,%.6f,%.6f",
              start.plusSeconds((long) i * SECONDS),
              (mid - 40) / 1e6,
              (mid + 40) / 1e6));
    }
    Path quotes = Files.write(folder.resolve("run" + run + ".csv"), lines);
    List<String> args =
        new ArrayList<>(
            List.of(
                "import",
                "--config=" + folder.resolve("engine.conf"),
                "-Dmodels.directory=" + folder.resolve("models"),
                "-Djournal.rollCycle=TEST_SECONDLY",
                "--format=csv",
                "--mapping=time=0,bid=1,ask=2,header=no",
                "--instrument=EURUSD",
                "--journal=" + journal));
    args.addAll(List.of(more));
    args.add(quotes.toString());
    CommandRun.done(args.toArray(String[]::new));
  }

  private JsonNode whatIf(Path of, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "replay",
                "--json",
                "--journal=" + of,
                "-Dmodels.directory=" + folder.resolve("models")));
    args.addAll(List.of(more));
    return new ObjectMapper().readTree(CommandRun.done(args.toArray(String[]::new)).out());
  }

  @Test
  void ofAPrunedJournalSaysOfWhatIsLeftWhatItSaysOfTheWhole() throws Exception {
    for (int run = 1; run <= 3; run++) {
      importRun(run, "-Dpolicy.cooldownBars=" + run);
      Thread.sleep(1_100);
    }
    Path whole = folder.resolve("whole");
    assertThat(
            new ProcessBuilder("cp", "-r", "--sparse=always", journal.toString(), whole.toString())
                .start()
                .waitFor())
        .isZero();
    CommandRun.done("journal", "prune", "--older-than", "10d", "--journal", journal.toString());
    List<Message> headers = JournalView.inbound(journal, t -> t == RunHeaderDecoder.TEMPLATE_ID);
    String from = "--from=" + headers.getLast().journalSeq();
    JournalProof.verifies(journal, 1);
    JournalProof.verifies(whole, 3);

    String itself = "-Dpolicy.cooldownBars=3";
    String config = "--config=" + folder.resolve("engine.conf");
    JsonNode same = whatIf(journal, "--what-if", config, itself);
    assertThat(same.get("identical").asBoolean()).as(same.toString()).isTrue();
    assertThat(same.get("allSignals").get("same").asLong()).isPositive();

    for (String[] other :
        new String[][] {
          {"--what-if", config, itself, "-Dpolicy.horizonBars=2"}, {"--model=default@2"}
        }) {
      Path out = folder.resolve("out" + other.length);
      List<String> args = new ArrayList<>(List.of(other));
      JsonNode ofWhole = whatIf(whole, with(args, from));
      JsonNode ofPruned = whatIf(journal, with(args, from, "--out=" + out));
      assertThat(ofPruned.get("identical").asBoolean()).isFalse();
      for (String part : List.of("allSignals", "signals", "outcomes")) {
        assertThat(ofPruned.get(part)).as(part).isEqualTo(ofWhole.get(part));
      }
      assertThat(CommandRun.done("replay", "--verify", "--journal", out.toString()).out())
          .contains("identical: 1 run(s)");
    }
  }

  private static String[] with(List<String> args, String... more) {
    List<String> all = new ArrayList<>(args);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void ofAPromotionFollowsItUnlessAVersionIsNamed() throws Exception {
    importRun(1);
    promote();
    importRun(2);
    List<Message> activations =
        JournalView.inbound(journal, t -> t == ModelActivationDecoder.TEMPLATE_ID);
    assertThat(activations).hasSize(1);
    long swap = activations.getFirst().journalSeq();
    assertThat(JournalView.inbound(journal, t -> t == RunHeaderDecoder.TEMPLATE_ID)).hasSize(1);
    assertScores(journal, swap, 0, 1);

    Path followed = folder.resolve("followed");
    JsonNode same =
        whatIf(
            journal, "--what-if", "--config=" + folder.resolve("engine.conf"), "--out=" + followed);
    assertThat(same.get("identical").asBoolean()).as(same.toString()).isTrue();
    assertThat(JournalView.hex(JournalView.outbound(followed, t -> true)))
        .isEqualTo(JournalView.hex(JournalView.outbound(journal, t -> true)));

    Path first = folder.resolve("first");
    assertThat(whatIf(journal, "--model=default@1", "--out=" + first).get("identical").asBoolean())
        .isFalse();
    assertScores(first, swap, 0, 0);
    Path second = folder.resolve("second");
    whatIf(journal, "--model=default@2", "--out=" + second);
    assertScores(second, swap, 1, 1);
    for (Path out : List.of(followed, first, second)) {
      assertThat(CommandRun.done("replay", "--verify", "--journal", out.toString()).out())
          .contains("identical: 1 run(s)");
    }
  }

  /** On a running server, between two imports. */
  private void promote() throws Exception {
    SemnalConfig config = config();
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    Metrics metrics = new Metrics();
    try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE);
        SignalServer server = new SignalServer(config, host, metrics, keys, keys, null)) {
      URI uri = URI.create("http://127.0.0.1:" + server.start().admin().getPort());
      try (AdminClient admin = new AdminClient(uri, ClientKey.read(setup.clientKey()))) {
        admin.promote("default@2");
      }
    }
  }

  /** Which model scored before and behind a message, by what it answers. */
  private static void assertScores(Path of, long swap, int before, int behind) {
    int[] scored = new int[2];
    for (Message message : JournalView.outbound(of, t -> t == ScoreDecoder.TEMPLATE_ID)) {
      ScoreDecoder score =
          new ScoreDecoder().wrapAndApplyHeader(message.buffer(), 0, new MessageHeaderDecoder());
      if (!Double.isNaN(score.buy())) {
        boolean isBehind = message.causeSeq() > swap;
        double[] bias = BIAS[isBehind ? behind : before];
        double sum = Math.exp(bias[0]) + Math.exp(bias[1]) + Math.exp(bias[2]);
        assertThat(score.buy())
            .isCloseTo(Math.exp(bias[2]) / sum, org.assertj.core.data.Offset.offset(1e-6));
        scored[isBehind ? 1 : 0]++;
      }
    }
    assertThat(scored[0]).isGreaterThan(400);
    assertThat(scored[1]).isGreaterThan(400);
  }
}
