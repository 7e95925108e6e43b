package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxGraph.Element;

/** What exporters write for large models: the weights in a file beside the model. */
public final class ExternalWeightsModel {
  public static final int WEIGHTS_LENGTH = 4 * 3 * Float.BYTES;

  private ExternalWeightsModel() {}

  /**
   * @param location of the file of weights
   */
  public static byte[] bytes(String location) {
    ProtoWriter weights =
        new ProtoWriter()
            .integer(1, 4)
            .integer(1, 3)
            .integer(2, 1)
            .text(8, "W")
            .message(13, new ProtoWriter().text(1, "location").text(2, location))
            .message(13, new ProtoWriter().text(1, "length").text(2, "" + WEIGHTS_LENGTH))
            .integer(14, 1);
    ProtoWriter product =
        new ProtoWriter().text(1, "features").text(1, "W").text(2, "scores").text(4, "MatMul");
    ProtoWriter graph =
        new ProtoWriter()
            .message(1, product)
            .text(2, "external")
            .message(5, weights)
            .message(11, value("features", 4))
            .message(12, value("scores", 3));
    return new ProtoWriter()
        .integer(1, 8)
        .message(7, graph)
        .message(8, new ProtoWriter().text(1, "").integer(2, 17))
        .toBytes();
  }

  private static ProtoWriter value(String name, long width) {
    ProtoWriter type = OnnxGraph.tensorType(Element.FLOAT32, OnnxGraph.BATCH, width);
    return new ProtoWriter().text(1, name).message(2, type);
  }
}
