package io.semnal.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the figures of one run: prints each as it comes, and writes all as one JSON file. */
public final class Report {
  private final PrintStream out;
  private final String command;
  private final List<Figure> figures = new ArrayList<>();

  public Report(PrintStream out, String command) {
    this.out = out;
    this.command = command;
  }

  /** What is being done, or measured beside the figures. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  public void add(Figure figure) {
    figures.add(figure);
    say(figure.line() + (figure.remark().isEmpty() ? "" : "  [" + figure.remark() + "]"));
  }

  /** Writes {@code bench/results/COMMAND-TIME.json} under the checkout. */
  public Path write() throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    all.put("command", "scripts/bench " + command);
    all.put("time", now.toString());
    all.put("machine", Machine.describe());
    all.put("figures", figures.stream().map(Report::json).toList());
    Path folder = Files.createDirectories(Machine.home().resolve("bench/results"));
    String name = command.replaceAll("[^a-zA-Z0-9]+", "-") + "-" + now.toString().replace(":", "");
    Path file = folder.resolve(name + ".json");
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
    return file;
  }

  private static Map<String, Object> json(Figure figure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", figure.name());
    fields.put("value", figure.value());
    fields.put("unit", figure.unit());
    fields.put("peer", figure.peer());
    fields.put("floor", Double.isNaN(figure.floor()) ? null : figure.floor());
    fields.put("target", Double.isNaN(figure.target()) ? null : figure.target());
    fields.put("verdict", figure.verdict());
    fields.put("remark", figure.remark());
    return fields;
  }
}
