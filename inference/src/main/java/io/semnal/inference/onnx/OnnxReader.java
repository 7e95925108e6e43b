package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxModel.Graph;
import io.semnal.inference.onnx.OnnxModel.Node;
import io.semnal.inference.onnx.OnnxModel.Tensor;
import io.semnal.inference.onnx.OnnxModel.Value;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads ONNX files strictly: a file that is damaged, cut off, cyclic, or keeps weights elsewhere is
 * refused with a sentence before any native code sees it.
 *
 * <p>Field numbers are those of {@code onnx.proto}.
 */
public final class OnnxReader {
  private OnnxReader() {}

  /**
   * @throws ModelRefusedException with what is wrong
   */
  public static OnnxModel read(byte[] file) {
    if (file.length == 0) {
      throw new ModelRefusedException("the model file is empty");
    }
    Map<String, Long> opsets = new HashMap<>();
    List<Graph> graphs = new ArrayList<>();
    RepeatGuard repeats = new RepeatGuard();
    ProtoReader model = new ProtoReader(file);
    while (model.next()) {
      switch (model.field()) {
        case 7 -> graphs.add(graph(model.message()));
        case 8 -> opset(model.message(), opsets);
        case 25 -> function(model.message(), repeats);
        default -> model.skip();
      }
    }
    if (graphs.size() != 1 || graphs.getFirst().outputs().isEmpty()) {
      throw new ModelRefusedException("the file is damaged or no ONNX model: it holds no graph");
    }
    if (opsets.isEmpty()) {
      throw new ModelRefusedException(
          "the file is damaged or no ONNX model: it names no operator set");
    }
    Graph graph = graphs.getFirst();
    GrowthGuard.check(graph);
    repeats.check(graph);
    return new OnnxModel(
        opsets,
        new Graph(GraphOrder.sorted(graph), graph.constants(), graph.inputs(), graph.outputs()));
  }

  private static void opset(ProtoReader in, Map<String, Long> opsets) {
    String domain = "";
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> domain = in.text();
        case 2 -> version = in.integer();
        default -> in.skip();
      }
    }
    opsets.put(domain.equals("ai.onnx") ? "" : domain, version);
  }

  /** An operator that the file defines by others. */
  private static void function(ProtoReader in, RepeatGuard repeats) {
    List<Node> nodes = new ArrayList<>();
    String name = "";
    String domain = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 7 -> nodes.add(node(in.message()));
        case 10 -> domain = in.text();
        default -> in.skip();
      }
    }
    GrowthGuard.check(new Graph(nodes, Map.of(), List.of(), List.of()));
    repeats.define(domain.equals("ai.onnx") ? "" : domain, name, nodes);
  }

  private static Graph graph(ProtoReader in) {
    List<Node> nodes = new ArrayList<>();
    Map<String, Tensor> constants = new LinkedHashMap<>();
    List<Value> inputs = new ArrayList<>();
    List<Value> outputs = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodes.add(node(in.message()));
        case 5 -> {
          TensorReader tensor = new TensorReader(in.message());
          if (constants.put(tensor.name(), tensor.tensor()) != null) {
            throw new ModelRefusedException("two constants are named " + tensor.name());
          }
        }
        case 11 -> inputs.add(value(in.message()));
        case 12 -> outputs.add(value(in.message()));
        case 15 -> throw new ModelRefusedException("the model holds sparse constants");
        default -> in.skip();
      }
    }
    // Old files list their constants among the inputs, as defaults that a caller may replace.
    inputs.removeIf(input -> constants.containsKey(input.name()));
    return new Graph(nodes, constants, inputs, outputs);
  }

  private static Node node(ProtoReader in) {
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, Object> attributes = new LinkedHashMap<>();
    String name = "";
    String operator = "";
    String domain = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 3 -> name = in.text();
        case 4 -> operator = in.text();
        case 5 -> attribute(in.message(), attributes);
        case 7 -> domain = in.text();
        default -> in.skip();
      }
    }
    if (operator.isEmpty()) {
      throw new ModelRefusedException("a node has no operator");
    }
    Node node =
        new Node(
            name, domain.equals("ai.onnx") ? "" : domain, operator, inputs, outputs, attributes);
    if (TreeTable.isTrees(node)) {
      TreeTable.read(node);
    }
    return node;
  }

  private static void attribute(ProtoReader in, Map<String, Object> attributes) {
    String name = "";
    int type = 0;
    Object single = null;
    ProtoReader.Reals reals = new ProtoReader.Reals();
    ProtoReader.Longs integers = new ProtoReader.Longs();
    List<String> texts = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> single = in.real();
        case 3 -> single = in.integer();
        case 4 -> single = in.text();
        case 5 -> single = new TensorReader(in.message()).tensor();
        case 6 -> single = graph(in.message());
        case 7 -> in.reals(reals);
        case 8 -> in.integers(integers);
        case 9 -> texts.add(in.text());
        case 20 -> type = (int) in.integer();
        case 10, 11, 22, 23 ->
            throw new ModelRefusedException(
                "attribute " + name + " is a list of tensors or graphs, or sparse");
        default -> in.skip();
      }
    }
    attributes.put(name, value(type, single, reals, integers, texts));
  }

  /** A zero, an empty text or an empty list may be left out of the file; its type tells it then. */
  private static Object value(
      int type,
      Object single,
      ProtoReader.Reals reals,
      ProtoReader.Longs integers,
      List<String> texts) {
    return switch (type) {
      case 1 -> single instanceof Float ? single : 0f;
      case 2 -> single instanceof Long ? single : 0L;
      case 3 -> single instanceof String ? single : "";
      case 6 -> floats(reals);
      case 7 -> integers.toArray();
      case 8 -> List.copyOf(texts);
      default -> {
        if (single != null) {
          yield single;
        }
        yield reals.size() > 0
            ? floats(reals)
            : integers.size() > 0 ? integers.toArray() : List.copyOf(texts);
      }
    };
  }

  private static float[] floats(ProtoReader.Reals reals) {
    double[] wide = reals.toArray();
    float[] narrow = new float[wide.length];
    for (int i = 0; i < wide.length; i++) {
      narrow[i] = (float) wide[i];
    }
    return narrow;
  }

  private static Value value(ProtoReader in) {
    String name = "";
    Value type = new Value("", 0, null);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> type = type(in.message());
        default -> in.skip();
      }
    }
    return new Value(name, type.element(), type.shape());
  }

  private static Value type(ProtoReader in) {
    Value type = new Value("", 0, null);
    while (in.next()) {
      if (in.field() == 1) {
        type = tensorType(in.message());
      } else {
        in.skip();
      }
    }
    return type;
  }

  private static Value tensorType(ProtoReader in) {
    int element = 0;
    long[] shape = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> element = (int) in.integer();
        case 2 -> shape = shape(in.message());
        default -> in.skip();
      }
    }
    return new Value("", element, shape);
  }

  private static long[] shape(ProtoReader in) {
    long[] shape = {};
    while (in.next()) {
      if (in.field() != 1) {
        in.skip();
        continue;
      }
      long dimension = -1;
      ProtoReader parts = in.message();
      while (parts.next()) {
        if (parts.field() == 1) {
          dimension = parts.integer();
        } else {
          parts.skip();
        }
      }
      shape = Arrays.copyOf(shape, shape.length + 1);
      shape[shape.length - 1] = dimension;
    }
    return shape;
  }
}
