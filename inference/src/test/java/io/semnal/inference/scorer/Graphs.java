package io.semnal.inference.scorer;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import java.util.List;
import java.util.Map;

/** Small graphs for the tests of this package. */
final class Graphs {
  private Graphs() {}

  /** Gives its input back. */
  static OnnxGraph identity(Element element, long... shape) {
    return new OnnxGraph("identity")
        .input("features", element, shape)
        .node("Identity", List.of("features"), List.of("scores"), Map.of())
        .output("scores", element, shape);
  }

  /** Looks its only feature up in a table of three: any other number fails while it runs. */
  static byte[] lookup() {
    return new OnnxGraph("lookup")
        .input("features", Element.FLOAT32, OnnxGraph.BATCH, 1)
        .initializer("table", new float[] {10, 20, 30}, 3)
        .node("Cast", List.of("features"), List.of("index"), Map.of("to", 7L))
        .node("Gather", List.of("table", "index"), List.of("scores"), Map.of())
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 1)
        .toBytes();
  }
}
