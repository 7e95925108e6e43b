package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semnal.core.access.KeyFile;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.features.FeaturePipeline;
import io.semnal.journal.Progress;
import io.semnal.protocol.sbe.FeatureSetDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.Trigger;
import io.semnal.research.sample.DataReader;
import io.semnal.research.sample.DataRequest;
import io.semnal.research.sample.LabelRule;
import io.semnal.research.sample.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A recurrent network that PyTorch exported, over a window of 20 rows of real ticks: registered,
 * run, replayed, and its rows written out again.
 */
class WindowedModelTest {
  private static final Path MODELS =
      Path.of(System.getProperty("semnal.testdata", "missing"), "models");
  private static final Path EXAMPLE = Path.of("../docs/examples/sequence-model.conf");
  private static final int ROWS = 20;
  private static final int COLUMNS = 8;
  private static final int FIRST_FEATURE = 4;
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  @TempDir private static Path folder;
  private static Path config;
  private static Path journal;
  private static CommandRun registered;
  private static List<ScoreDecoder> scores;

  @BeforeAll
  static void importADay() throws IOException {
    assumeTrue(Files.isDirectory(MODELS), "no test data in " + MODELS);
    Path ticks = RealTicks.zips("lean/oanda/tick/eurusd").getFirst();
    // The example of the documentation, and the same on every tick.
    config =
        Files.writeString(
            folder.resolve("window.conf"),
            Files.readString(EXAMPLE)
                + "models.directory = \""
                + folder.resolve("models")
                + "\"\nstrategies.seq-tick = ${strategies.seq-1m}"
                + " { trigger = tick, publishFeatures = false }\n");
    registered =
        run(
            "models",
            "register",
            MODELS.resolve("lstm20x8.dynamo.onnx").toString(),
            "--features=seq",
            "--as=lstm",
            "--output=classes=SELL,NEUTRAL,BUY",
            "--promote");
    journal = folder.resolve("journal");
    run(
        "import",
        "--format=lean-tick",
        "--instrument=EURUSD",
        "--journal=" + journal,
        ticks.toString());
    scores = scores(journal);
  }

  private static List<ScoreDecoder> scores(Path journal) {
    return JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID).stream()
        .map(m -> new ScoreDecoder().wrapAndApplyHeader(m.buffer(), 0, header()))
        .toList();
  }

  private static MessageHeaderDecoder header() {
    return new MessageHeaderDecoder();
  }

  private static CommandRun run(String... args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.add("--config=" + config);
    return CommandRun.done(all.toArray(String[]::new));
  }

  /** Cells of the rows of a matrix, in the order of time: of one instrument. */
  private static List<String[]> matrix(Path config, String name, String... more)
      throws IOException {
    Path out = folder.resolve(name);
    List<String> args =
        new ArrayList<>(
            List.of(
                "features",
                "--config=" + config,
                "--journal=" + journal,
                "--features=seq",
                "--out=" + out));
    args.addAll(Arrays.asList(more));
    CommandRun.done(args.toArray(String[]::new));
    // Names have commas, values have none.
    return Files.readAllLines(out).stream().skip(1).map(line -> line.split(",", -1)).toList();
  }

  private static List<String[]> single() throws IOException {
    String text = Files.readString(config).replace("window = 20", "window = 1");
    return matrix(Files.writeString(folder.resolve("single.conf"), text), "single.csv", "--all");
  }

  private static long hash(String[] cells) {
    float[] row = new float[ROWS * COLUMNS];
    for (int i = 0; i < row.length; i++) {
      String cell = cells[FIRST_FEATURE + i];
      row[i] = cell.isEmpty() ? Float.NaN : Float.parseFloat(cell);
    }
    return hash(row);
  }

  private static long hash(float[] row) {
    long hash = FNV_BASIS;
    for (float value : row) {
      int bits = Float.floatToIntBits(value);
      hash = (hash ^ (bits & 0xFFFFFFFFL)) * FNV_PRIME;
    }
    return hash;
  }

  private static List<ScoreDecoder> barScores() {
    return barScores(scores);
  }

  private static List<ScoreDecoder> barScores(List<ScoreDecoder> scores) {
    return scores.stream().filter(s -> s.trigger() == Trigger.BAR_CLOSE).toList();
  }

  @Test
  void theRegistrationSaysHowManyRowsItTakes() {
    assertTrue(registered.out().contains("takes   20 rows of 8 columns of seq"), registered.out());
    String shown = run("models", "show", "lstm").out();
    assertTrue(shown.contains("20 rows of 8 columns, oldest first: 160 values"), shown);
  }

  @Test
  void theDocumentationShowsTheExampleThatIsTested() throws IOException {
    String example = Files.readString(EXAMPLE);
    String features =
        example.substring(example.indexOf("features {"), example.indexOf("strategies {"));
    assertTrue(Files.readString(Path.of("../docs/models.md")).contains(features), features);
  }

  @Test
  void replayVerifiesEveryByte() {
    String out = CommandRun.done("replay", "--verify", "--journal", journal.toString()).out();
    assertTrue(out.contains("identical: 1 run(s)"), out);
  }

  /** The hash of each score is that of the matrix's float32 row, and its numbers are that row's. */
  @Test
  void exportedRowsAreWhatTheEngineScored() throws IOException {
    rowsScoreAlike(barScores(), MODELS.resolve("lstm20x8.torchscript.onnx").toString());
  }

  private static void rowsScoreAlike(List<ScoreDecoder> published, String model)
      throws IOException {
    Map<String, String[]> rows = new HashMap<>();
    matrix(config, "rows.csv", "--float32", "--warm-only").forEach(row -> rows.put(row[2], row));
    Path inputs = folder.resolve("inputs.csv");
    List<String> lines = new ArrayList<>();
    List<ScoreDecoder> compared = new ArrayList<>();
    for (ScoreDecoder score : published) {
      if (score.featureHash() != 0) {
        String[] cells = rows.get(Times.iso(score.time()));
        assertEquals(score.featureHash(), hash(cells), Times.iso(score.time()));
        if (!Double.isNaN(score.buy())) {
          compared.add(score);
          lines.add(
              String.join(
                  ",",
                  Arrays.asList(cells).subList(FIRST_FEATURE, FIRST_FEATURE + ROWS * COLUMNS)));
        }
      }
    }
    assertTrue(compared.size() > 1_000, compared.size() + " scores are too few");
    Files.write(inputs, lines);
    Path out = folder.resolve("scores.csv");
    run("models", "score", model, "--inputs=" + inputs, "--out=" + out, "--scorer=onnxruntime");
    List<String> scored = Files.readAllLines(out);
    for (int i = 0; i < compared.size(); i++) {
      String[] cells = scored.get(i + 1).split(",");
      assertEquals(Double.parseDouble(cells[0]), compared.get(i).sell(), 1e-5);
      assertEquals(Double.parseDouble(cells[1]), compared.get(i).neutral(), 1e-5);
      assertEquals(Double.parseDouble(cells[2]), compared.get(i).buy(), 1e-5);
    }
  }

  /** Trained on two days' windows, registered, and bound to a strategy by its name. */
  @Test
  void aModelOfOurOwnTrainingScoresAsItsFileDoes() throws IOException {
    List<Path> ticks = RealTicks.zips("lean/oanda/tick/eurusd");
    run(
        "train",
        "--data=" + ticks.get(0),
        "--data=" + ticks.get(1),
        "--format=lean-tick",
        "--instrument=EURUSD",
        "--features=seq",
        "--learner=xgboost",
        "--set=rounds=20",
        "--trials=1",
        "--folds=2",
        "--shuffles=0",
        "--register=own",
        "--runs=" + folder.resolve("runs"));
    Path own = folder.resolve("own");
    CommandRun.done(
        "import",
        "--config=" + config,
        "-Dstrategies.seq-1m.model=own",
        "-Dstrategies.seq-tick.enabled=false",
        "--format=lean-tick",
        "--instrument=EURUSD",
        "--journal=" + own,
        RealTicks.zips("lean/oanda/tick/eurusd").getFirst().toString());
    rowsScoreAlike(scores(own), "own@1");
    assertTrue(scores(own).stream().mapToDouble(ScoreDecoder::buy).distinct().count() > 500);
  }

  /** Over TCP it scores what the import did, and so does a challenger of the same bytes. */
  @Test
  void runsInAServerAndInItsShadow() throws Exception {
    run(
        "models",
        "register",
        MODELS.resolve("lstm20x8.dynamo.onnx").toString(),
        "--features=seq",
        "--as=lstm",
        "--output=classes=SELL,NEUTRAL,BUY");
    Path live = folder.resolve("live");
    Map<String, String> overrides = new HashMap<>();
    overrides.put("strategies.seq-tick.enabled", "false");
    overrides.put("models.shadow.seq-1m", "[\"lstm@2\"]");
    overrides.put("clock.mode", "source");
    overrides.put("journal.directory", live.toString());
    for (String listener : List.of("feed", "gateway")) {
      overrides.put(listener + ".keysFile", folder.resolve("keys.conf").toString());
    }
    for (String port : List.of("feed.port", "gateway.tcpPort", "gateway.wsPort", "admin.port")) {
      overrides.put(port, "0");
    }
    SemnalConfig loaded = ConfigLoader.load(config, Map.of(), overrides);
    KeyFile keys = KeySetup.openOrMake(loaded.runtime().gateway().keysFile(), "feed");
    try (EngineHost host = EngineHost.open(loaded, new Metrics(), Progress.NONE)) {
      try (SignalServer server = new SignalServer(loaded, host, new Metrics(), keys, keys, null)) {
        ThreadCompositionsTest.feed(
            loaded, server.start(), List.of(RealTicks.zips("lean/oanda/tick/eurusd").getFirst()));
        // The last bar of the import closes at its closing Clock.
        long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
        while (scores(live).size() < barScores().size() - 1) {
          assertTrue(System.nanoTime() < deadline, "the engine is behind");
          Thread.sleep(200);
        }
      }
      assertNull(host.failure());
    }
    Map<Long, ScoreDecoder> imported = new HashMap<>();
    barScores().forEach(score -> imported.put(score.time(), score));
    Map<Long, ScoreDecoder> champions = new HashMap<>();
    int same = 0;
    for (ScoreDecoder score : scores(live)) {
      champions.put(score.causeSeq(), score);
      assertEquals(imported.get(score.time()).featureHash(), score.featureHash());
      assertEquals(imported.get(score.time()).buy(), score.buy());
      same += Double.isNaN(score.buy()) ? 0 : 1;
    }
    assertTrue(same > 1_000, same + " rows scored");
    List<ScoreDecoder> shadow = ShadowScoresTest.shadow(live);
    assertTrue(shadow.size() > 500, shadow.size() + " of " + same + " scored in shadow");
    for (ScoreDecoder score : shadow) {
      assertEquals(champions.get(score.causeSeq()).featureHash(), score.featureHash());
      assertEquals(champions.get(score.causeSeq()).sell(), score.sell());
    }
  }

  /** The journal's labelled rows, as training reads them, by the hash that each score published. */
  @Test
  void trainingSeesTheValuesThatWereScored() throws IOException {
    SemnalConfig loaded = ConfigLoader.load(config, Map.of(), Map.of());
    LabelRule rule = new LabelRule.TripleBarrier(loaded.engine().strategies().getFirst().policy());
    Samples samples =
        new DataReader(loaded, loaded.engine().featureSet("seq"), rule, n -> {}, remark -> {})
            .read(DataRequest.journal(journal));
    Map<Long, Long> published = new HashMap<>();
    for (ScoreDecoder score : barScores()) {
      if (!Double.isNaN(score.buy())) {
        published.put(score.time(), score.featureHash());
      }
    }
    int compared = 0;
    for (int i = 0; i < samples.size(); i++) {
      Long expected = published.get(samples.time(i));
      if (expected != null) {
        float[] row = new float[ROWS * COLUMNS];
        samples.copyRow(i, row);
        assertEquals(expected, hash(row), Times.iso(samples.time(i)));
        compared++;
      }
    }
    assertTrue(compared > 1_000, compared + " of " + published.size());
  }

  /** Every row of the window against the matrix of the same columns without one. */
  @Test
  void aWindowIsTheRowsOfTheBarsBefore() throws IOException {
    List<String[]> windows = matrix(config, "w.csv", "--all");
    List<String[]> rows = single();
    assertEquals(rows.size(), windows.size());
    for (int i = ROWS - 1; i < rows.size(); i++) {
      String[] window = windows.get(i);
      for (int r = 0; r < ROWS; r++) {
        String[] row = rows.get(i - ROWS + 1 + r);
        for (int c = 0; c < COLUMNS; c++) {
          assertEquals(row[FIRST_FEATURE + c], window[FIRST_FEATURE + r * COLUMNS + c]);
        }
      }
    }
    assertTrue(rows.size() > 1_000, rows.size() + " rows");
  }

  @Test
  void scoresOnceTwentyRowsAreWarm() {
    SemnalConfig engine = ConfigLoader.load(config, Map.of(), Map.of());
    String need = run("config", "warm-up").out();
    int bars =
        new FeaturePipeline(engine.engine())
            .warmUpBars(engine.engine().featureSet("seq"))
            .get(Timeframe.M1);
    assertTrue(need.contains(bars + " bars of 1m"), need);
    int cold = 0;
    for (ScoreDecoder score : barScores()) {
      if (score.reason() != ScoreReason.NOT_WARM) {
        break;
      }
      cold++;
    }
    // Minutes without a tick make no bar, but the bars of 5m go on.
    assertTrue(cold >= bars - 20 && cold < bars + 20, cold + " cold bars, " + bars + " needed");
  }

  @Test
  void signalsCarryTheWholeWindowAndDefinitionsNameIt() {
    List<String> names = new ArrayList<>();
    FeatureSetDefinitionDecoder definition = new FeatureSetDefinitionDecoder();
    for (JournalView.Message m :
        JournalView.outbound(journal, t -> t == FeatureSetDefinitionDecoder.TEMPLATE_ID)) {
      definition.wrapAndApplyHeader(m.buffer(), 0, header());
      assertEquals(ROWS * COLUMNS, definition.columns());
      names.add(definition.expression());
    }
    assertEquals(
        ConfigLoader.load(config, Map.of(), Map.of()).engine().featureSet("seq").inputs(), names);
    assertEquals("1000 * return(1)[-19]", names.getFirst());
    int signals = 0;
    for (JournalView.Message m :
        JournalView.outbound(journal, t -> t == SignalDecoder.TEMPLATE_ID)) {
      SignalDecoder signal = new SignalDecoder().wrapAndApplyHeader(m.buffer(), 0, header());
      if (signal.featuresLength() > 0) {
        assertEquals(ROWS * COLUMNS * Float.BYTES, signal.featuresLength());
        signals++;
      }
    }
    assertTrue(signals > 10, signals + " signals");
  }

  /** Nineteen closed rows, then the forming one. */
  @Test
  void aTickScoresTheClosedRowsBeforeTheFormingOne() throws IOException {
    List<String[]> rows = single();
    List<double[]> values = rows.stream().map(WindowedModelTest::features).toList();
    List<Instant> times = rows.stream().map(row -> Instant.parse(row[2])).toList();
    int closed = 0;
    int compared = 0;
    int moved = 0;
    for (ScoredRows.Scored score : ScoredRows.of(journal)) {
      Instant time = Instant.parse(Times.iso(score.time()));
      while (closed < times.size() && !times.get(closed).isAfter(time)) {
        closed++;
      }
      if (score.trigger() != Trigger.TICK || !score.warm()) {
        continue;
      }
      for (int r = 0; r < ROWS - 1; r++) {
        int from = r * COLUMNS;
        assertArrayEquals(
            values.get(closed - ROWS + 1 + r),
            Arrays.copyOfRange(score.features(), from, from + COLUMNS));
      }
      double last = values.get(closed - 1)[0];
      moved += score.features()[(ROWS - 1) * COLUMNS] == last ? 0 : 1;
      compared++;
    }
    assertTrue(compared > 5_000, compared + " ticks scored");
    assertTrue(moved > compared / 2, moved + " of " + compared + " forming rows moved");
  }

  private static double[] features(String[] row) {
    return Arrays.stream(row, FIRST_FEATURE, FIRST_FEATURE + COLUMNS)
        .mapToDouble(cell -> cell.isEmpty() ? Double.NaN : Double.parseDouble(cell))
        .toArray();
  }
}
