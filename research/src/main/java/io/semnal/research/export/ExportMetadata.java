package io.semnal.research.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.engine.ModelPin;
import io.semnal.journal.RunInfo;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What an exported file says about itself: the request, and the runs that its rows come from. */
final class ExportMetadata {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ExportMetadata() {}

  static void of(ExportRequest request, String journal, String build, Map<String, String> into) {
    into.put("semnal.kind", request.kind().label());
    into.put("semnal.sorted_by", "available_at");
    into.put("semnal.prices", request.decimal() ? "decimal" : "float64");
    if (request.from() != Long.MIN_VALUE) {
      into.put("semnal.from", Decimals.time(request.from()));
    }
    if (request.to() != Long.MAX_VALUE) {
      into.put("semnal.to", Decimals.time(request.to()));
    }
    if (!request.instruments().isEmpty()) {
      ArrayNode symbols = JSON.createArrayNode();
      new TreeSet<>(request.instruments()).forEach(symbols::add);
      into.put("semnal.instruments", text(symbols));
    }
    into.put("semnal.journal", journal);
    into.put("semnal.build", build);
  }

  /** The runs in their order; the configuration of the last one under a key of its own. */
  static void runs(List<RunInfo> runs, Map<String, String> into) {
    ArrayNode list = JSON.createArrayNode();
    for (RunInfo run : runs) {
      ObjectNode node = list.addObject();
      node.put("run", run.runId());
      node.put("journal_seq", run.headerSeq());
      node.put("time", Decimals.time(run.time()));
      node.put("epoch", run.epoch());
      node.put("clock", run.sourceClock() ? "source" : "wall");
      node.put("build", run.build());
      ArrayNode models = node.putArray("models");
      for (ModelPin model : run.models()) {
        models
            .addObject()
            .put("model", model.name() + "@" + model.version())
            .put("sha256", HexFormat.of().formatHex(model.sha256()))
            .put("scorer", model.scorer().name());
      }
    }
    into.put("semnal.runs", text(list));
    String last = runs.isEmpty() ? "" : runs.getLast().engineText();
    for (RunInfo run : runs) {
      if (!run.engineText().equals(last)) {
        into.put("semnal.configuration.run-" + run.runId(), run.engineText());
      }
    }
    into.put("semnal.configuration", last);
  }

  private static String text(ArrayNode list) {
    try {
      return JSON.writeValueAsString(list);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts and numbers is JSON", e);
    }
  }
}
