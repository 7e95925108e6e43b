package io.semnal.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelCard.Output;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.protocol.sbe.ScorerKind;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What repeats may do so once; within another it multiplies, and is refused. */
class NestedRepeatsTest {
  private static final int FEATURES = 4;
  private static final ModelCard CARD =
      new ModelCard(
          "m",
          1,
          "set",
          "",
          List.of("return(1)", "return(2)", "return(3)", "return(4)"),
          Output.REGRESSION,
          List.of(),
          "pips",
          "",
          false,
          "",
          "",
          "",
          "");

  private static OnnxGraph graph() {
    return new OnnxGraph("main")
        .input("features", Element.FLOAT32, OnnxGraph.BATCH, FEATURES)
        .initializer("zero", new float[1], 1)
        .initializer("last", new long[] {1}, 1);
  }

  /** sum + x, step by step. */
  private static OnnxGraph sums() {
    return body().node("Add", List.of("sum", "x"), List.of("next"), Map.of());
  }

  private static OnnxGraph body() {
    return new OnnxGraph("body")
        .input("sum", Element.FLOAT32, 1)
        .input("x", Element.FLOAT32, 1)
        .output("next", Element.FLOAT32, 1);
  }

  private static Map<String, Object> over(OnnxGraph body) {
    return Map.of("body", body, "num_scan_inputs", 1L, "scan_input_axes", new long[] {1});
  }

  private static byte[] scanning(OnnxGraph body) {
    return graph()
        .node("Scan", List.of("zero", "features"), List.of("total"), over(body))
        .node("Unsqueeze", List.of("total", "last"), List.of("scores"), Map.of())
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 1)
        .toBytes();
  }

  private static void refused(byte[] onnx, String sentence) {
    assertThatThrownBy(() -> OnnxReader.read(onnx))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage(sentence);
  }

  @Test
  void aScanOverTheColumnsIsOnnxRuntimesWork(@TempDir Path folder) throws Exception {
    ModelRegistry registry = new ModelRegistry(folder, ScorerChoice.AUTO);
    registry.register(scanning(sums()), CARD);
    try (LoadedModel model = registry.load("m@1")) {
      assertThat(model.kind()).isEqualTo(ScorerKind.ONNX_RUNTIME);
      float[] row = {1.5f, -2, 0.25f, 8};
      for (int i = 0; i < FEATURES; i++) {
        model.scorer().input().setAtIndex(ValueLayout.JAVA_FLOAT, i, row[i]);
      }
      assertThat(model.scorer().score()).isTrue();
      assertThat(model.scorer().output(0)).isEqualTo(7.75f);
    }
  }

  @Test
  void aScanInAScanIsRefused() {
    OnnxGraph outer =
        body().node("Scan", List.of("sum", "features"), List.of("next"), over(sums()));
    refused(
        scanning(outer),
        "Scan 'Scan0' would be repeated in each step of Scan 'Scan0';"
            + " export the model with the inner one unrolled");
  }

  @Test
  void aScanInABranchInAScanIsRefused() {
    OnnxGraph branch =
        new OnnxGraph("then")
            .node("Relu", List.of("x"), List.of("y"), Map.of())
            .node("Scan", List.of("y", "features"), List.of("next"), over(sums()))
            .output("next", Element.FLOAT32, 1);
    OnnxGraph outer =
        body()
            .node(
                "If",
                List.of("x"),
                List.of("next"),
                Map.of("then_branch", branch, "else_branch", branch));
    refused(
        scanning(outer),
        "Scan 'Scan1' would be repeated in each step of Scan 'Scan0';"
            + " export the model with the inner one unrolled");
  }

  /** A function of the model, appended to a file: fields of a message may stand in any order. */
  private static byte[] with(byte[] model, String name, List<String> calls, ProtoWriter... nodes) {
    ProtoWriter function = new ProtoWriter().text(1, name).text(4, "x").text(5, "y");
    for (String call : calls) {
      function.message(7, new ProtoWriter().text(1, "x").text(2, "y").text(4, call).text(7, "own"));
    }
    for (ProtoWriter node : nodes) {
      function.message(7, node);
    }
    byte[] more = new ProtoWriter().message(25, function.text(10, "own")).toBytes();
    byte[] all = Arrays.copyOf(model, model.length + more.length);
    System.arraycopy(more, 0, all, model.length, more.length);
    return all;
  }

  private static byte[] calling(String function) {
    return graph()
        .opset("own", 1)
        .node("own", function, List.of("features"), List.of("scores"), Map.of())
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, FEATURES)
        .toBytes();
  }

  @Test
  void functionsThatDoubleAgainAndAgainAreRefused() {
    byte[] model = calling("f40");
    for (int i = 1; i <= 40; i++) {
      String below = "f" + (i - 1);
      model = with(model, "f" + i, List.of(below, below));
    }
    model =
        with(model, "f0", List.of(), new ProtoWriter().text(1, "x").text(2, "y").text(4, "Relu"));
    refused(model, "the model's functions stand for more than 131072 nodes");
  }

  @Test
  void aFunctionThatCallsItselfIsRefused() {
    byte[] model = with(with(calling("a"), "a", List.of("b")), "b", List.of("a"));
    assertThatThrownBy(() -> OnnxReader.read(model))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageMatching("function own:[ab] of the model calls itself");
  }

  @Test
  void aScanBehindAFunctionInAScanIsRefused() {
    OnnxGraph outer = body().node("own", "f", List.of("x"), List.of("next"), Map.of());
    ProtoWriter scan = new ProtoWriter().text(1, "x").text(2, "y").text(3, "inner").text(4, "Scan");
    refused(
        with(scanning(outer), "f", List.of(), scan),
        "Scan 'inner' would be repeated in each step of Scan 'Scan0';"
            + " export the model with the inner one unrolled");
  }

  @Test
  void aLoopInAFunctionIsRefused() {
    ProtoWriter loop = new ProtoWriter().text(1, "x").text(2, "y").text(3, "l").text(4, "Loop");
    refused(
        with(calling("f"), "f", List.of(), loop),
        "Loop 'l' may never end; export the model with its loops unrolled");
  }
}
