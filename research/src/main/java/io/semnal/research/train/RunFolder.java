package io.semnal.research.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A training run on disk, for people and tools to look at while it goes on.
 *
 * <pre>
 * params.json    what was asked for
 * status.json    state, stage, how far, when
 * log.txt        what happened, a line each
 * trials.jsonl   every finished trial: a run that goes on later does not repeat them
 * cancel         whoever makes this file stops the run
 * metrics.json, report.html, model.onnx    once it is done
 * </pre>
 */
public final class RunFolder implements TrainingWatch, TrialLog {
  /** How a run stands. */
  public enum State {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED
  }

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String PARAMS = "params.json";
  private static final String STATUS = "status.json";
  private static final String CANCEL = "cancel";
  private static final long STATUS_EVERY = 500_000_000L;

  private final Path folder;
  private final TrainingWatch also;
  private final Map<String, Double> trials = new HashMap<>();
  private final Instant started = Instant.now();
  private volatile boolean cancelled;
  private String stage = "";
  private long nextStatus;

  private RunFolder(Path folder, TrainingWatch also) {
    this.folder = folder;
    this.also = also;
  }

  /**
   * Begins a run, or goes on with one that did not end.
   *
   * @param params what was asked for; a run goes on only with the same
   * @param also is told the same, and may cancel as well
   * @throws IllegalArgumentException where the run is done, or was asked for other things
   */
  public static RunFolder open(Path runs, String id, ObjectNode params, TrainingWatch also)
      throws IOException {
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "a run's name is 1 to 64 letters, digits, dots and hyphens, not '" + id + "'");
    }
    RunFolder run = new RunFolder(runs.resolve(id), also);
    Files.createDirectories(run.folder);
    Path asked = run.folder.resolve(PARAMS);
    if (Files.exists(asked)) {
      if (!MAPPER.readTree(asked.toFile()).equals(MAPPER.readTree(params.toString()))) {
        throw new IllegalArgumentException(
            "run " + id + " was begun with other parameters (" + asked + "); give it another name");
      }
      run.readTrials();
    } else {
      run.write(PARAMS, params.toPrettyString() + "\n");
    }
    Files.deleteIfExists(run.folder.resolve(CANCEL));
    run.status(State.RUNNING, "", 0, 0);
    return run;
  }

  /** What a run was asked for. */
  public static JsonNode params(Path runs, String id) throws IOException {
    Path asked = runs.resolve(id).resolve(PARAMS);
    if (!Files.exists(asked)) {
      throw new IllegalArgumentException("there is no run " + id + " in " + runs);
    }
    return MAPPER.readTree(asked.toFile());
  }

  /** All runs of a folder, each its status, oldest first. */
  public static List<JsonNode> list(Path runs) throws IOException {
    List<JsonNode> all = new ArrayList<>();
    if (Files.isDirectory(runs)) {
      try (Stream<Path> folders = Files.list(runs)) {
        for (Path status : folders.map(run -> run.resolve(STATUS)).sorted().toList()) {
          if (Files.exists(status)) {
            all.add(MAPPER.readTree(status.toFile()));
          }
        }
      }
    }
    return all;
  }

  /**
   * All that one run says of itself: {@code status}, {@code params}, {@code metrics} (null until it
   * is done), {@code trials} (an array) and {@code log}, its last lines.
   *
   * @param lines of the log at most
   */
  public static ObjectNode show(Path runs, String id, int lines) throws IOException {
    Path folder = runs.resolve(id);
    ObjectNode all = MAPPER.createObjectNode();
    all.set("params", params(runs, id));
    all.set("status", MAPPER.readTree(folder.resolve(STATUS).toFile()));
    Path metrics = folder.resolve("metrics.json");
    all.set("metrics", Files.exists(metrics) ? MAPPER.readTree(metrics.toFile()) : null);
    ArrayNode trials = all.putArray("trials");
    for (String line : linesOf(folder.resolve("trials.jsonl"))) {
      try {
        trials.add(MAPPER.readTree(line));
      } catch (JsonProcessingException e) {
        // The one that is being written, or was when its process died: readTrials says so.
        trials.addObject().put("unreadable", line);
      }
    }
    List<String> log = linesOf(folder.resolve("log.txt"));
    ArrayNode tail = all.putArray("log");
    log.subList(Math.max(0, log.size() - lines), log.size()).forEach(tail::add);
    return all;
  }

  private static List<String> linesOf(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Asks a run to stop; it does so within a round or an epoch. */
  public static void cancel(Path runs, String id) throws IOException {
    params(runs, id);
    Files.write(runs.resolve(id).resolve(CANCEL), new byte[0]);
  }

  private void readTrials() throws IOException {
    Path file = folder.resolve("trials.jsonl");
    if (!Files.exists(file)) {
      return;
    }
    for (String line : Files.readAllLines(file)) {
      try {
        JsonNode trial = MAPPER.readTree(line);
        trials.put(
            key(trial.path("parameters").asText(), trial.path("fold").asInt()),
            trial.path("gain").asDouble());
      } catch (JsonProcessingException e) {
        log("a trial that was being written when the run ended is left out: " + line);
      }
    }
    log(trials.size() + " finished trials are kept from before");
  }

  private static String key(String parameters, int fold) {
    return fold + " " + parameters;
  }

  public Path path() {
    return folder;
  }

  /** Stops the run as {@link #cancel} does. */
  public void cancel() {
    cancelled = true;
  }

  @Override
  public boolean isCancelled() {
    cancelled |= Files.exists(folder.resolve(CANCEL)) || also.isCancelled();
    return cancelled;
  }

  @Override
  public synchronized void progress(String what, long done, long total) {
    also.progress(what, done, total);
    if (!what.equals(stage) || System.nanoTime() > nextStatus) {
      stage = what;
      nextStatus = System.nanoTime() + STATUS_EVERY;
      status(State.RUNNING, "", done, total);
    }
  }

  @Override
  public synchronized void log(String line) {
    append("log.txt", Instant.now() + " " + line);
    also.log(line);
  }

  @Override
  public synchronized OptionalDouble find(String parameters, int fold) {
    Double gain = trials.get(key(parameters, fold));
    return gain == null ? OptionalDouble.empty() : OptionalDouble.of(gain);
  }

  @Override
  public synchronized void add(Trial trial) {
    trials.put(key(trial.parameters(), trial.fold()), trial.gain());
    ObjectNode json = MAPPER.createObjectNode();
    json.put("parameters", trial.parameters()).put("fold", trial.fold()).put("gain", trial.gain());
    append("trials.jsonl", json.toString());
  }

  /** How the run ended. */
  public synchronized void end(State state, String message) {
    log(state + (message.isEmpty() ? "" : ": " + message));
    status(state, message, 0, 0);
  }

  private void status(State state, String message, long done, long total) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("id", folder.getFileName().toString());
    json.put("state", state.name().toLowerCase(Locale.ROOT));
    json.put("stage", stage);
    json.put("done", done);
    json.put("total", total);
    json.put("message", message);
    json.put("started", started.toString());
    json.put("updated", Instant.now().toString());
    json.put("pid", ProcessHandle.current().pid());
    write(STATUS, json.toPrettyString() + "\n");
  }

  /** Writes a file of the run; it appears when it is complete. */
  public void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public void write(String name, byte[] bytes) {
    Path part = folder.resolve(name + ".part");
    try {
      Files.write(part, bytes);
      Files.move(
          part,
          folder.resolve(name),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder.resolve(name), e);
    }
  }

  private void append(String name, String line) {
    try {
      Files.writeString(
          folder.resolve(name), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder.resolve(name), e);
    }
  }
}
