package io.semnal.server.command;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.inference.compiled.CompiledScorer;
import io.semnal.inference.compiled.UnsupportedModelException;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelImport;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.RowScores;
import io.semnal.inference.scorer.OnnxScorer;
import io.semnal.inference.scorer.Scorer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores rows of a file. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Scores the rows of a CSV file by an ONNX file or a registered version, as CSV.",
      "",
      "For example: semnal models score mine.onnx --inputs rows.csv --scorer auto --compare"
          + " --out scores.csv",
      ""
    })
final class ModelsScore implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "FILE.onnx|NAME[@V]", description = "What scores.")
  private String model;

  @Option(
      names = "--inputs",
      required = true,
      paramLabel = "X.csv",
      description = "Rows, with the columns' names in the header or none.")
  private Path inputs;

  @Option(
      names = "--scorer",
      defaultValue = "auto",
      paramLabel = "auto|onnxruntime|compiled",
      description = "auto: compiled where it covers the model and equals ONNX Runtime on the rows.")
  private ScorerChoice choice;

  @Option(
      names = "--output-name",
      defaultValue = "",
      paramLabel = "N",
      description = "Of a file: the ONNX output to read; by default the first of real numbers.")
  private String outputName;

  @Option(names = "--compare", description = "Scores by both, and says how far they differ.")
  private boolean compare;

  @Option(
      names = "--out",
      paramLabel = "Y.csv",
      description = "The file to write; by default the terminal.")
  private Path out;

  @Mixin private ConfigOptions options;

  /** Above this a compiled score is not that of ONNX Runtime. */
  private static final double TOLERANCE = 1e-5;

  private record Subject(byte[] onnx, List<String> columns, List<String> scores, String output) {}

  private record Scored(double[][] scores, String by) {}

  @Override
  public Integer call() throws IOException {
    Subject subject = subject();
    double[][] rows = RowsFile.read(inputs, subject.columns()).rows();
    Scored scored = score(subject, rows);
    List<String> lines = new ArrayList<>();
    lines.add(String.join(",", header(subject, scored.scores()[0].length)));
    for (double[] row : scored.scores()) {
      lines.add(line(row));
    }
    PrintWriter terminal = spec.commandLine().getOut();
    PrintWriter notes = out == null ? spec.commandLine().getErr() : terminal;
    if (out == null) {
      lines.forEach(terminal::println);
    } else {
      Files.write(out, lines);
    }
    notes.println(rows.length + " rows scored by " + scored.by());
    terminal.flush();
    notes.flush();
    return 0;
  }

  private Subject subject() {
    if (Files.isRegularFile(Path.of(model)) || model.endsWith(".onnx")) {
      return new Subject(ModelImport.read(Path.of(model)), List.of(), List.of(), outputName);
    }
    ModelRegistry registry = ModelsShow.registry(options);
    ModelCard card = registry.card(model);
    return new Subject(registry.onnx(model), card.columns(), card.scoreNames(), card.outputName());
  }

  private Scored score(Subject subject, double[][] rows) {
    int width = rows[0].length;
    Supplier<Scorer> runtime = () -> OnnxScorer.open(subject.onnx(), width, subject.output());
    Supplier<Scorer> compiled = () -> CompiledScorer.open(subject.onnx(), width, subject.output());
    if (choice == ScorerChoice.ONNXRUNTIME && !compare) {
      return new Scored(all(runtime, rows), "ONNX Runtime");
    }
    if (choice == ScorerChoice.COMPILED && !compare) {
      return new Scored(byCompiled(compiled, rows), "the compiled scorer");
    }
    double[][] reference = all(runtime, rows);
    double[][] candidate;
    try {
      candidate = all(compiled, rows);
    } catch (UnsupportedModelException e) {
      if (choice == ScorerChoice.COMPILED) {
        throw new CommandFailure("the compiled scorer does not cover it: " + e.getMessage(), e);
      }
      return new Scored(
          reference, "ONNX Runtime; the compiled scorer does not cover it: " + e.getMessage());
    }
    double largest = RowScores.largestDifference(reference, candidate);
    boolean isCompiled =
        choice == ScorerChoice.COMPILED || choice == ScorerChoice.AUTO && largest <= TOLERANCE;
    return new Scored(
        isCompiled ? candidate : reference,
        String.format(
            Locale.ROOT,
            "%s; the two differ by at most %.1e",
            isCompiled ? "the compiled scorer" : "ONNX Runtime",
            largest));
  }

  private static double[][] byCompiled(Supplier<Scorer> compiled, double[][] rows) {
    try {
      return all(compiled, rows);
    } catch (UnsupportedModelException e) {
      throw new CommandFailure("the compiled scorer does not cover it: " + e.getMessage(), e);
    }
  }

  private static double[][] all(Supplier<Scorer> opener, double[][] rows) {
    try (Scorer scorer = opener.get()) {
      return RowScores.of(scorer, rows);
    }
  }

  private static List<String> header(Subject subject, int outputs) {
    if (!subject.scores().isEmpty()) {
      return subject.scores();
    }
    List<String> header = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      header.add("output" + i);
    }
    return header;
  }

  /** Scores of float32 with the digits that tell them apart. */
  private static String line(double[] scores) {
    List<String> cells = new ArrayList<>();
    for (double score : scores) {
      cells.add(score == (float) score ? Float.toString((float) score) : Double.toString(score));
    }
    return String.join(",", cells);
  }
}
