package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.core.access.KeyFile;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.TreeModel;
import io.semnal.inference.onnx.TreeModel.Tree;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.ModelTraining;
import io.semnal.inference.registry.ModelTraining.Deciles;
import io.semnal.journal.Progress;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.JournalView.Message;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a running server says of drift, in {@code /metrics}, by its API and in {@code models show},
 * against a plain recount of the feature matrix and the signals that its journal exports.
 */
class DriftOnRunningServerTest {
  private static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  /** One that a third of its rows lack, one with common values, one that training knew as all. */
  private static final String CONFIG =
      """
      features.drifting {
        timeframe = 1m
        price = mid
        columns = ["rsi(14)", "sqrt(10000 * return(1))", "sign(return(1))", "session.hourSin"]
      }
      strategies.core-1m { features = drifting, trigger = bar-close }
      """;

  /** What training saw: by column of the set, then by class. */
  private static final List<Deciles> DECILES =
      List.of(
          new Deciles("rsi(14)", 0.01, List.of(25., 35., 40., 45., 50., 52., 54., 56., 58.)),
          new Deciles(
              "sqrt(10000 * return(1))",
              0.4,
              List.of(0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18)),
          new Deciles("sign(return(1))", 0, List.of(-1., -1., -1., -1., 0., 0., 1., 1., 1.)),
          new Deciles("session.hourSin", 0, List.of(-.9, -.8, -.6, -.3, 0., .3, .6, .8, .9)),
          new Deciles("score.SELL", 0, List.of(.2, .25, .3, .31, .32, .33, .34, .35, .4)),
          new Deciles("score.BUY", 0, List.of(.1, .15, .2, .25, .3, .35, .4, .45, .5)));

  @TempDir private Path folder;
  private ServerSetup setup;
  private SemnalConfig config;

  /** Trees by rsi and hour; a missing root goes another way than a present one. */
  private static byte[] onnx() {
    return TreeModel.write(
        List.of(
            tree(0, 0, 55, -0.2F, 0.5F),
            tree(2, 0, 45, 0.6F, -0.1F),
            tree(2, 1, 0.8F, -0.3F, 0.3F),
            tree(1, 3, 0.2F, -0.2F, 0.1F)),
        4,
        1,
        CLASSES);
  }

  private static Tree tree(int target, int feature, float threshold, float below, float above) {
    return new Tree(
        target,
        new int[] {feature, -1, -1},
        new float[] {threshold, below, above},
        new int[] {1, -1, -1},
        new int[] {2, -1, -1},
        new boolean[] {true, false, false});
  }

  private void register() throws Exception {
    FeatureSetConfig set =
        setup.load(folder.resolve("none"), Map.of()).engine().featureSet("drifting");
    ModelTraining training =
        new ModelTraining("hand", new TreeMap<>(), 1, 1, new TreeMap<>(), new TreeMap<>(), DECILES);
    ModelCard card =
        new ModelCard(
            "default",
            1,
            set.name(),
            HexFormat.of().formatHex(FeaturePipeline.hash(set)),
            set.columns(),
            ModelCard.Output.CLASSES,
            CLASSES,
            "",
            "",
            true,
            "",
            "trees",
            "",
            "");
    ModelRegistry registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
    registry.register(onnx(), card.withTraining(training));
    registry.setAlias("default", ModelRegistry.CHAMPION, 1);
  }

  @Test
  void isWhatAPlainRecountOfTheJournalSays() throws Exception {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 5);
    setup = new ServerSetup(folder, CONFIG);
    register();
    Path journal = folder.resolve("journal");
    String models = folder.resolve("models").toString();
    config = setup.load(journal, Map.of("models.directory", models));
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    Metrics metrics = new Metrics();
    JsonNode told;
    String scraped;
    String shown;
    try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE)) {
      try (SignalServer server = new SignalServer(config, host, metrics, keys, keys, null)) {
        SignalServer.Ports ports = server.start();
        ThreadCompositionsTest.feed(config, ports, files);
        long scores = scores(journal).size();
        URI uri = URI.create("http://127.0.0.1:" + ports.admin().getPort());
        told = awaitDrift(uri, scores);
        scraped = scrape(uri);
        shown = show(models, "--server", uri.toString(), "--key-file", setup.clientKey() + "");
      }
      assertNull(host.failure());
    }
    List<Path> exported = exports(journal);
    Recount recount = new Recount(scores(journal), matrix(exported.get(0)));
    recount.compare(told);
    Brier brier = Brier.of(Files.readAllLines(exported.get(1)));
    assertTrue(brier.count > 200, brier.count + " signals ended");
    assertEquals(brier.count, told.get("outcomes").asLong());
    assertEquals(brier.sum / brier.count, told.get("brier").asDouble(), 1e-9);
    assertEquals(brier.sum / brier.count, metric(scraped, "model_live_brier"), 1e-9);
    assertEquals(recount.worst(0), metric(scraped, "model_drift_psi_max"), 1e-9);
    assertEquals(recount.worst(1), metric(scraped, "model_drift_missing_max"), 1e-9);
    assertEquals(recount.worst(2), metric(scraped, "model_drift_out_of_range_max"), 1e-9);
    JsonNode live = new ObjectMapper().readTree(shown);
    assertEquals(told, live.get("drift"));
    assertEquals("default", live.at("/card/name").asText());
    String replayed = show(models, "--journal", journal.toString());
    assertEquals(told, new ObjectMapper().readTree(replayed).get("drift"));
  }

  private static String show(String models, String... from) {
    List<String> args =
        new ArrayList<>(
            List.of("models", "show", "default", "-Dmodels.directory=" + models, "--json"));
    args.addAll(List.of(from));
    String[] json = args.toArray(String[]::new);
    String table = CommandRun.done(Arrays.copyOf(json, json.length)).out();
    args.remove("--json");
    String text = CommandRun.done(args.toArray(String[]::new)).out();
    assertTrue(text.contains("live "), text);
    assertTrue(text.matches("(?s).*sign\\(return\\(1\\)\\) +\\d+\\.\\d{4} .*"), text);
    return table;
  }

  /** All rows counted, and looked at by the snapshot, which is taken each second. */
  private JsonNode awaitDrift(URI uri, long rows) throws Exception {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    try (AdminClient admin = new AdminClient(uri, ClientKey.read(setup.clientKey()))) {
      while (true) {
        JsonNode drift = admin.drift();
        if (drift.at("/models/0/rows").asLong() == rows) {
          return drift.at("/models/0");
        }
        assertTrue(System.nanoTime() < deadline, rows + " rows, " + drift);
        Thread.sleep(50);
      }
    }
  }

  private static String scrape(URI uri) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(uri.resolve("/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static double metric(String scraped, String name) {
    String start = "semnal_" + name + "{strategy=\"core-1m\"} ";
    return scraped
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
        .findFirst()
        .orElseThrow();
  }

  /** Feature matrix and signals, as the command line writes them. */
  private List<Path> exports(Path journal) {
    Path rows = folder.resolve("rows.csv");
    Path signals = folder.resolve("signals.csv");
    String config = "--config=" + folder.resolve("engine.conf");
    CommandRun.done(
        "features",
        config,
        "--journal=" + journal,
        "--features=drifting",
        "--float32",
        "--out=" + rows);
    CommandRun.done("export", "--what=signals", "--journal=" + journal, "--out=" + signals);
    return List.of(rows, signals);
  }

  /** By time, as text. */
  private static Map<String, String[]> matrix(Path csv) throws Exception {
    Map<String, String[]> rows = new HashMap<>();
    for (String line : Files.readAllLines(csv)) {
      String[] cells = line.split(",", -1);
      rows.put(cells[2], cells);
    }
    return rows;
  }

  /** Those for which the model was asked. */
  private static List<ScoreDecoder> scores(Path journal) {
    List<ScoreDecoder> scores = new ArrayList<>();
    for (Message message : JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID)) {
      ScoreDecoder score =
          new ScoreDecoder().wrapAndApplyHeader(message.buffer(), 0, new MessageHeaderDecoder());
      if (!Double.isNaN(score.buy())) {
        scores.add(score);
      }
    }
    return scores;
  }

  /** Squares of what signals promised against what became of them. */
  private static final class Brier {
    private long count;
    private double sum;

    static Brier of(List<String> csv) {
      Brier brier = new Brier();
      List<String> names = List.of(csv.getFirst().split(","));
      for (String line : csv.subList(1, csv.size())) {
        String[] cells = line.split(",", -1);
        String pips = cells[names.indexOf("pips")];
        if (!pips.isEmpty()) {
          double promised = Double.parseDouble(cells[names.indexOf("strength")]);
          double became = Double.parseDouble(pips) > 0 ? 1 : 0;
          brier.sum += Math.pow(promised - became, 2);
          brier.count++;
        }
      }
      return brier;
    }
  }

  /** Index, missing and out of range by their definitions, from whole columns of values. */
  private static final class Recount {
    private final Map<String, double[]> values = new TreeMap<>();
    private final Map<String, double[]> expected = new TreeMap<>();

    Recount(List<ScoreDecoder> scores, Map<String, String[]> matrix) {
      for (int i = 0; i < 4; i++) {
        int cell = 4 + i;
        values.put(
            DECILES.get(i).name(),
            scores.stream()
                .mapToDouble(s -> number(matrix.get(Times.iso(s.time()))[cell]))
                .toArray());
      }
      values.put("score.SELL", scores.stream().mapToDouble(ScoreDecoder::sell).toArray());
      values.put("score.BUY", scores.stream().mapToDouble(ScoreDecoder::buy).toArray());
      assertTrue(scores.size() > 3_000, scores.size() + " rows");
      DECILES.forEach(deciles -> expected.put(deciles.name(), measure(deciles)));
      assertTrue(expected.get("sqrt(10000 * return(1))")[1] > 0.2, "one with missing values");
      assertTrue(expected.get("sqrt(10000 * return(1))")[2] > 0.1, "and some far out");
    }

    private static double number(String cell) {
      return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }

    private double[] measure(Deciles deciles) {
      double[] all = values.get(deciles.name());
      double[] present = Arrays.stream(all).filter(v -> !Double.isNaN(v)).toArray();
      double first = deciles.edges().getFirst();
      double last = deciles.edges().getLast();
      double far = 3 * (last - first);
      long out = Arrays.stream(present).filter(v -> v < first - far || v > last + far).count();
      return new double[] {
        deciles.name().startsWith("sign") ? signs(present) : psi(present, deciles.edges()),
        1 - (double) present.length / all.length,
        (double) out / all.length
      };
    }

    /** Ten bins of a tenth each, closed above. */
    private static double psi(double[] present, List<Double> edges) {
      double sum = 0;
      for (int bin = 0; bin < 10; bin++) {
        double low = bin == 0 ? Double.NEGATIVE_INFINITY : edges.get(bin - 1);
        double high = bin == 9 ? Double.POSITIVE_INFINITY : edges.get(bin);
        long count = Arrays.stream(present).filter(v -> v > low && v <= high).count();
        sum += term((double) count / present.length, 0.1);
      }
      return sum;
    }

    /** Edges -1 ×4, 0 ×2, 1 ×3: down to the middle of the tenth in which a value was last seen. */
    private static double signs(double[] present) {
      double down = (double) Arrays.stream(present).filter(v -> v == -1).count() / present.length;
      double same = (double) Arrays.stream(present).filter(v -> v == 0).count() / present.length;
      double up = (double) Arrays.stream(present).filter(v -> v == 1).count() / present.length;
      return term(down, 0.45) + term(same, 0.2) + term(up, 0.35) + term(0, 0);
    }

    private static double term(double actual, double trained) {
      double a = Math.max(actual, 1e-4);
      double e = Math.max(trained, 1e-4);
      return (a - e) * Math.log(a / e);
    }

    void compare(JsonNode told) {
      int compared = 0;
      for (String list : List.of("columns", "scores")) {
        for (JsonNode column : told.get(list)) {
          String name = column.get("name").asText();
          double[] measured = expected.get(name);
          assertEquals(measured[0], column.get("psi").asDouble(), 1e-9, name);
          assertEquals(measured[1], column.get("missing").asDouble(), 1e-9, name);
          assertEquals(measured[2], column.get("outOfRange").asDouble(), 1e-9, name);
          compared++;
        }
      }
      assertEquals(DECILES.size(), compared);
      assertEquals(worst(0), told.get("psiMax").asDouble(), 1e-9);
      assertEquals(0.4, told.at("/columns/1/missingInTraining").asDouble());
    }

    /** Of features; of the index (0) also of scores. */
    double worst(int measure) {
      return expected.entrySet().stream()
          .filter(e -> measure == 0 || !e.getKey().startsWith("score."))
          .mapToDouble(e -> e.getValue()[measure])
          .max()
          .orElseThrow();
    }
  }
}
