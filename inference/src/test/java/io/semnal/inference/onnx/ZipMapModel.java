package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxGraph.Element;
import java.util.List;
import java.util.Map;

/** What scikit-learn's converter writes where ZipMap is not switched off. */
public final class ZipMapModel {
  private ZipMapModel() {}

  /**
   * @param withTensor whether the probabilities are an output as well
   */
  public static byte[] bytes(boolean withTensor) {
    ProtoWriter map =
        new ProtoWriter().integer(1, 8).message(2, OnnxGraph.tensorType(Element.FLOAT32));
    ProtoWriter sequence = new ProtoWriter().message(1, new ProtoWriter().message(5, map));
    OnnxGraph graph =
        new OnnxGraph("zipmap")
            .opset("ai.onnx.ml", 3)
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .node("Softmax", List.of("features"), List.of("probabilities"), Map.of())
            .node("ArgMax", List.of("probabilities"), List.of("label"), Map.of("axis", 1L))
            .node(
                "ai.onnx.ml",
                "ZipMap",
                List.of("probabilities"),
                List.of("output_probability"),
                Map.of("classlabels_strings", List.of("SELL", "NEUTRAL", "BUY")))
            .output("label", Element.INT64, OnnxGraph.BATCH, 1)
            .output("output_probability", new ProtoWriter().message(4, sequence));
    if (withTensor) {
      graph.output("probabilities", Element.FLOAT32, OnnxGraph.BATCH, 3);
    }
    return graph.toBytes();
  }
}
