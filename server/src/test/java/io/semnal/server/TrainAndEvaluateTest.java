package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a bar file to a registered, judged model, by the commands that a user gives. */
class TrainAndEvaluateTest {
  private static final Instant BEGIN = Instant.parse("2015-01-04T22:00:00Z");

  @TempDir private static Path folder;

  /** A market that swings back to its mean over some ten hours: there is something to learn. */
  @BeforeAll
  static void market() throws IOException {
    SplittableRandom random = new SplittableRandom(12);
    List<String> lines = new ArrayList<>();
    lines.add("time,bidOpen,bidHigh,bidLow,bidClose,askOpen,askHigh,askLow,askClose");
    double price = 1.1;
    for (int i = 0; i < 8_000; i++) {
      double open = price;
      price += 0.25 * (1.1 - price) + 0.003 * random.nextGaussian();
      double high = Math.max(open, price) + 0.0010;
      double low = Math.min(open, price) - 0.0010;
      StringBuilder line = new StringBuilder(BEGIN.plusSeconds(3_600L * i).toString());
      for (double spread : new double[] {0, 0.0001}) {
        for (double value : new double[] {open, high, low, price}) {
          line.append(String.format(Locale.ROOT, ",%.5f", value + spread));
        }
      }
      lines.add(line.toString());
    }
    Files.write(folder.resolve("bars.csv"), lines);
    Files.writeString(
        folder.resolve("own.conf"),
        """
        universe = [EURUSD]
        features.swing {
          timeframe = 1h
          price = mid
          columns = ["zscore(close,50)", "return(1) / atr(14) * close", "zscore(close,10)"]
        }
        strategies.swing-1h {
          enabled = true, instruments = [EURUSD], timeframe = 1h, trigger = bar-close
          features = swing, model = swing, publishFeatures = false
          policy { stopAtr = 1.5, targetAtr = 1.0, horizonBars = 12, cooldownBars = 0 }
        }
        """);
  }

  /** What its files hold. */
  private void showsTheRun() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Path of = folder.resolve("runs/first");
    JsonNode shown =
        mapper.readTree(run("train", "show", "first", "--runs", "@/runs", "--json").out());
    assertThat(shown.get("metrics"))
        .isEqualTo(mapper.readTree(of.resolve("metrics.json").toFile()));
    assertThat(shown.get("params")).isEqualTo(mapper.readTree(of.resolve("params.json").toFile()));
    assertThat(shown.at("/status/state").asText()).isEqualTo("done");
    List<String> trials = Files.readAllLines(of.resolve("trials.jsonl"));
    assertThat(shown.get("trials")).hasSameSizeAs(trials);
    List<String> log = Files.readAllLines(of.resolve("log.txt"));
    String table = run("train", "show", "first", "--runs", "@/runs", "--lines", "2").out();
    assertThat(table)
        .contains("state        done", log.getLast(), log.get(log.size() - 2))
        .doesNotContain(log.get(log.size() - 3))
        .contains("trials       " + trials.size() + " of ", " fold(s)  ");
    CommandRun absent = run("train", "show", "none", "--runs", "@/runs");
    assertThat(absent.exit()).isEqualTo(1);
    assertThat(absent.err()).contains("there is no run none in ");
  }

  @Test
  void trainsRegistersAndJudges() throws IOException {
    CommandRun trained =
        train(
            "--features",
            "swing",
            "--learner",
            "xgboost",
            "--set",
            "rounds=60",
            "--trials",
            "3",
            "--folds",
            "2",
            "--shuffles",
            "2",
            "--register",
            "swing",
            "--run",
            "first");
    assertThat(trained.exit()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("swing@1 is registered, and its champion");
    Path run = folder.resolve("runs/first");
    for (String file :
        List.of(
            "status.json",
            "params.json",
            "metrics.json",
            "report.html",
            "model.onnx",
            "log.txt",
            "trials.jsonl")) {
      assertThat(run.resolve(file)).isNotEmptyFile();
    }
    assertThat(run.resolve("status.json")).content().contains("\"done\"");
    String card = Files.readString(folder.resolve("models/swing/1/card.json"));
    assertThat(card)
        .contains("\"learner\" : \"xgboost\"", "\"bars.csv\" : \"", "\"deciles\"", "heldOut.auc")
        .contains("horizonBars=12");

    CommandRun judged =
        run(
            "evaluate",
            "swing",
            "--data",
            "@/bars.csv",
            "--instrument",
            "EURUSD",
            "--out",
            "@/report");
    assertThat(judged.exit()).as(judged.err()).isZero();
    assertThat(judged.out()).contains("log loss", "momentum", "always flat", "session");
    assertThat(folder.resolve("report/report.html")).isNotEmptyFile();
    assertThat(folder.resolve("report/report.json")).content().contains("\"aucBuy\"");
    // This market swings back, and the model has seen it.
    double auc =
        new ObjectMapper()
            .readTree(folder.resolve("report/report.json").toFile())
            .at("/classes/auc")
            .asDouble();
    assertThat(auc).isGreaterThan(0.6);

    CommandRun list = run("train", "list", "--runs", "@/runs");
    assertThat(list.out()).contains("first", "done");
    showsTheRun();
    CommandRun again = run("train", "resume", "first", "--runs", "@/runs");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(again.out())
        .contains("finished trials are kept", "(known)", "swing@2 is registered");
    assertThat(Files.readAllBytes(folder.resolve("models/swing/2/model.onnx")))
        .isEqualTo(Files.readAllBytes(folder.resolve("models/swing/1/model.onnx")));
  }

  @Test
  void saysInASentenceWhatIsWrong() {
    fails("there is no", train("--features", "swing", "--data", "@/none.csv"));
    fails("there is no feature set 'other'", train("--features", "other"));
    fails("--features must say which of", train());
    fails("there is no learner 'magic'", train("--features", "swing", "--learner", "magic"));
    fails("--labels 'walls': ", train("--features", "swing", "--labels", "walls"));
    fails("xgboost has childWeight", train("--features", "swing", "--set", "deep=3"));
    fails("folds must be 1 to 50", train("--features", "swing", "--folds", "0"));
    fails("the held-out share", train("--features", "swing", "--held-out", "1.5"));
    fails(
        "'EURXXX' is not in the universe", train("--features", "swing", "--instrument", "EURXXX"));
    fails("there is no run none", run("train", "cancel", "none", "--runs", "@/runs"));
    fails("there is no run none", run("train", "resume", "none", "--runs", "@/runs"));
    fails("holds no such model", run("evaluate", "nobody", "--data", "@/bars.csv"));
    fails("--data says which prices", run("train", "--features", "swing"));
  }

  @Test
  void tooLittleDataIsSaid() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("bars.csv"));
    Files.write(folder.resolve("few.csv"), lines.subList(0, 40));
    fails("the data gave no row", train("--features", "swing", "--data", "@/few.csv"));
    Files.write(folder.resolve("some.csv"), lines.subList(0, 500));
    fails("too few to learn from", train("--features", "swing", "--data", "@/some.csv"));
  }

  private static void fails(String sentence, CommandRun run) {
    assertThat(run.exit()).as(run.toString()).isEqualTo(1);
    assertThat(run.err()).contains(sentence).doesNotContain("Exception");
  }

  private static CommandRun train(String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--runs", "@/runs"));
    if (!List.of(more).contains("--data")) {
      args.addAll(List.of("--data", "@/bars.csv"));
    }
    if (!List.of(more).contains("--instrument")) {
      args.addAll(List.of("--instrument", "EURUSD"));
    }
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private static CommandRun run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    if (List.of("list", "show", "cancel", "resume").stream().noneMatch(all::contains)) {
      all.addAll(List.of("--config", "@/own.conf", "-Dmodels.directory=@/models"));
    }
    return CommandRun.of(
        all.stream().map(a -> a.replace("@", folder.toString())).toArray(String[]::new));
  }
}
