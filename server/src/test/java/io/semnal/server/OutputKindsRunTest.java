package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models of an up-probability and of a regressed move, as an operator brings them: registered, run,
 * replayed. What they score is computed again from the rows that {@code semnal features} writes.
 */
class OutputKindsRunTest {
  private static final float[] WEIGHTS = {2f, -0.5f, 0.75f};
  private static final int FIRST_FEATURE = 4;
  private static final double THRESHOLD = 0.55;

  @TempDir private static Path folder;
  private static Path config;
  private static Path ticks;

  @BeforeAll
  static void write() throws IOException {
    config =
        Files.writeString(
            folder.resolve("kinds.conf"),
            """
            universe = [EURUSD]
            models.directory = "%s"
            features.three {
              timeframe = 1m, price = mid
              columns = ["10000 * return(1)", "zscore(close,20)", "10000 * return(3)"]
            }
            strategies.core-1m {
              features = three, model = line
              policy { buyThreshold = %s, sellThreshold = %s, margin = 0, maxSpreadPips = 5 }
            }
            """
                .formatted(folder.resolve("models"), THRESHOLD, THRESHOLD));
    Random random = new Random(17);
    List<String> lines = new ArrayList<>(List.of("time,symbol,bid,ask"));
    long millis = Instant.parse("2026-03-04T00:00:00Z").toEpochMilli();
    long bid = 116_000;
    for (int i = 0; i < 6_000; i++) {
      millis += random.nextInt(12_000);
      bid += random.nextInt(21) - 10;
      lines.add(
          "%s,EURUSD,1.%05d,1.%05d"
              .formatted(Instant.ofEpochMilli(millis), bid - 100_000, bid - 99_990));
    }
    ticks = Files.write(folder.resolve("ticks.csv"), lines);
  }

  /** A weighted sum. */
  private static Path line(float scale) throws IOException {
    float[] weights = new float[WEIGHTS.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = scale * WEIGHTS[i];
    }
    byte[] onnx =
        new OnnxGraph("line")
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, weights.length)
            .initializer("W", weights, weights.length, 1)
            .node("MatMul", List.of("features", "W"), List.of("sum"), Map.of())
            .output("sum", Element.FLOAT32, OnnxGraph.BATCH, 1)
            .toBytes();
    return Files.write(folder.resolve("line.onnx"), onnx);
  }

  private static CommandRun run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--config=" + config);
    return CommandRun.done(all.toArray(String[]::new));
  }

  /** Registers and imports; the journal verifies. */
  private static Path journal(String name, Path onnx, String... output) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "models",
                "register",
                onnx.toString(),
                "--features=three",
                "--as=line",
                "--promote"));
    args.addAll(List.of(output));
    run(args.toArray(String[]::new));
    Path journal = folder.resolve(name);
    run(
        "import",
        "--format=csv",
        "--mapping=time=time,symbol=symbol,bid=bid,ask=ask",
        "--journal=" + journal,
        ticks.toString());
    String verified = CommandRun.done("replay", "--verify", "--journal=" + journal).out();
    assertTrue(verified.contains("identical: 1 run(s)"), verified);
    return journal;
  }

  /** The weighted sum of each bar's row, by the time of its close. */
  private static Map<String, Double> sums(Path journal, double scale) throws IOException {
    Path out = folder.resolve("rows.csv");
    run("features", "--journal=" + journal, "--features=three", "--float32", "--out=" + out);
    Map<String, Double> sums = new HashMap<>();
    for (String row : Files.readAllLines(out).stream().skip(1).toList()) {
      String[] cells = row.split(",");
      double sum = 0;
      for (int i = 0; i < WEIGHTS.length; i++) {
        sum += scale * WEIGHTS[i] * Double.parseDouble(cells[FIRST_FEATURE + i]);
      }
      sums.put(cells[2], sum);
    }
    return sums;
  }

  private static List<ScoreDecoder> scored(Path journal) {
    return JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID).stream()
        .map(m -> new ScoreDecoder().wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder()))
        .filter(score -> score.modelId() != 0 && score.featureHash() != 0)
        .toList();
  }

  private static List<SignalDecoder> signals(Path journal) {
    return JournalView.outbound(journal, t -> t == SignalDecoder.TEMPLATE_ID).stream()
        .map(m -> new SignalDecoder().wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder()))
        .toList();
  }

  @Test
  void anUpProbabilityIsRegisteredFromLogitsAndRuns() throws IOException {
    Path journal = journal("up", line(0.1f), "--output=up-probability", "--logits");
    Map<String, Double> sums = sums(journal, 0.1f);
    List<ScoreDecoder> scores = scored(journal);
    assertTrue(scores.size() > 400, scores.size() + " scores");
    for (ScoreDecoder score : scores) {
      double up = 1 / (1 + Math.exp(-sums.get(Times.iso(score.time()))));
      assertEquals(up, score.buy(), 1e-5);
      assertEquals(1 - up, score.sell(), 1e-5);
      assertEquals(0, score.neutral());
      if (Math.abs(Math.max(up, 1 - up) - THRESHOLD) > 1e-5) {
        assertEquals(
            Math.max(up, 1 - up) < THRESHOLD, score.reason() == ScoreReason.BELOW_THRESHOLD);
      }
      assertEquals(up > 0.5 ? SignalType.BUY : SignalType.SELL, score.side());
    }
    List<SignalDecoder> signals = signals(journal);
    assertTrue(signals.size() > 20, signals.size() + " signals");
    for (SignalDecoder signal : signals) {
      double up = 1 / (1 + Math.exp(-sums.get(Times.iso(signal.time()))));
      if (signal.signalType() != SignalType.NEUTRAL) {
        assertEquals(up > 0.5 ? SignalType.BUY : SignalType.SELL, signal.signalType());
        assertEquals(Math.max(up, 1 - up), signal.strength(), 1e-5);
      }
    }
    assertTrue(run("models", "show", "line").out().contains("the probability of a rise"));
  }

  @Test
  void aRegressionInPipsRuns() throws IOException {
    Path journal = journal("move", line(1), "--output=regression:pips");
    Map<String, Double> sums = sums(journal, 1);
    List<ScoreDecoder> scores = scored(journal);
    assertTrue(scores.size() > 400, scores.size() + " scores");
    for (ScoreDecoder score : scores) {
      double pips = sums.get(Times.iso(score.time()));
      assertEquals(pips, score.output(), 1e-5 * (1 + Math.abs(pips)));
      assertTrue(Double.isNaN(score.buy()) && Double.isNaN(score.sell()));
      assertEquals(pips > 0 ? SignalType.BUY : SignalType.SELL, score.side());
    }
    List<SignalDecoder> signals = signals(journal);
    assertTrue(signals.size() > 20, signals.size() + " signals");
    for (SignalDecoder signal : signals) {
      assertTrue(Double.isNaN(signal.strength()), "strength " + signal.strength());
      if (signal.signalType() != SignalType.NEUTRAL) {
        boolean rises = sums.get(Times.iso(signal.time())) > 0;
        assertEquals(rises ? SignalType.BUY : SignalType.SELL, signal.signalType());
      }
    }
    assertTrue(run("models", "show", "line").out().contains("a move in pips"));
    CommandRun evaluated =
        CommandRun.of("evaluate", "line", "--config=" + config, "--data=" + journal);
    assertTrue(
        evaluated.err().contains("is a regression; evaluation needs probabilities"),
        evaluated.err());
  }
}
