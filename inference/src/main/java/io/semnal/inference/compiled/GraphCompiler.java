package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.OnnxModel.Node;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a graph into steps for one row.
 *
 * <p>With one row every shape is known. What depends on constants alone is computed once, here;
 * reshaping costs nothing; biases and activations join the layer before them. Nodes that the wanted
 * output does not need are left out, whatever they are.
 */
final class GraphCompiler {
  private static final long LATEST_OPSET = 24;
  private static final long LATEST_ML_OPSET = 5;
  private static final long EARLIEST_OPSET = 7;
  private static final String ML = "ai.onnx.ml";

  /** Of all nodes together: what says more would fill the memory. */
  private static final long MAX_COMPUTED = 1 << 25;

  private final OnnxModel model;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();
  private List<Step> steps = new ArrayList<>();
  private long computed;

  GraphCompiler(OnnxModel model) {
    this.model = model;
  }

  private void checkOpset(String domain, long earliest, long latest) {
    Long version = model.opsets().get(domain);
    if (version != null && (version < earliest || version > latest)) {
      throw new UnsupportedModelException(
          "operator set "
              + (domain.isEmpty() ? "ai.onnx" : domain)
              + " "
              + version
              + " is not covered ("
              + earliest
              + " to "
              + latest
              + " are)");
    }
  }

  /**
   * @param shape of one row's input
   * @return the output's buffer
   */
  Value compile(Value input, String output) {
    model
        .graph()
        .constants()
        .forEach(
            (name, tensor) ->
                values.put(
                    name, Value.constant(tensor.shape(), tensor.element(), tensor.values())));
    values.put(model.graph().inputs().getFirst().name(), input);
    List<Node> needed = needed(output);
    // A file may name an operator set of which it uses nothing but what never changed.
    if (needed.stream().anyMatch(node -> node.domain().isEmpty() && !isTimeless(node))) {
      checkOpset("", EARLIEST_OPSET, LATEST_OPSET);
    }
    checkOpset(ML, 1, LATEST_ML_OPSET);
    readers.put(output, 1);
    needed.forEach(node -> node.inputs().forEach(name -> readers.merge(name, 1, Integer::sum)));
    for (Node node : needed) {
      compile(node);
    }
    return value(output);
  }

  private static boolean isTimeless(Node node) {
    return node.operator().equals("Identity");
  }

  List<Step> steps() {
    return steps;
  }

  private List<Node> needed(String output) {
    Map<String, Node> makers = new HashMap<>();
    for (Node node : model.graph().nodes()) {
      node.outputs().forEach(name -> makers.put(name, node));
    }
    Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<String> open = new ArrayDeque<>(List.of(output));
    while (!open.isEmpty()) {
      Node maker = makers.get(open.poll());
      if (maker != null && needed.add(maker)) {
        open.addAll(maker.inputs());
      }
    }
    return model.graph().nodes().stream().filter(needed::contains).toList();
  }

  private void compile(Node node) {
    Operator operator = Operators.find(node.domain(), node.operator());
    if (operator == null) {
      throw new UnsupportedModelException("operator " + node.describe() + " is not covered");
    }
    if (isWide(node)) {
      operator = WideOperators.find(node.domain(), node.operator());
      if (operator == null) {
        throw new UnsupportedModelException(node.describe() + " is not covered in float64");
      }
    }
    Call call = new Call(this, node, model.opsets().getOrDefault(node.domain(), 1L));
    boolean fixed = node.inputs().stream().allMatch(this::isFixed);
    if (!fixed) {
      operator.compile(call);
      return;
    }
    // Of constants alone: computed now, by the same code.
    List<Step> outer = steps;
    steps = new ArrayList<>();
    operator.compile(call);
    steps.forEach(Step::run);
    steps = outer;
    for (String name : node.outputs()) {
      Value value = values.get(name);
      if (value != null && !value.isConstant()) {
        values.put(name, value.frozen());
      }
    }
  }

  /** An exponent or a bound that is constant may be of another type. */
  private boolean isWide(Node node) {
    int deciding = node.operator().equals("Where") ? 1 : 0;
    for (int i = 0; i < node.inputs().size(); i++) {
      String name = node.inputs().get(i);
      if (!name.isEmpty() && value(name).isWide() && (i == deciding || !isFixed(name))) {
        return true;
      }
    }
    return false;
  }

  private boolean isFixed(String name) {
    return name.isEmpty() || value(name).isConstant();
  }

  Value value(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new UnsupportedModelException("value " + name + " is not computed");
    }
    if (value.isConstant() && value.constants().length != value.size()) {
      throw new UnsupportedModelException(
          "constant " + name + " is of element type " + value.element());
    }
    return value;
  }

  void define(String name, Value value) {
    computed += value.size();
    if (computed > MAX_COMPUTED) {
      throw new ModelRefusedException(
          "one row would need more than " + MAX_COMPUTED + " values: the model is too large");
    }
    values.put(name, value);
  }

  boolean isReadOnce(String name) {
    return readers.getOrDefault(name, 0) == 1;
  }

  boolean isRead(String name) {
    return readers.getOrDefault(name, 0) > 0;
  }

  void step(Step step) {
    steps.add(step);
  }

  /** For messages: how much there is to run. */
  @Override
  public String toString() {
    return steps.size() + " steps " + Arrays.toString(model.opsets().keySet().toArray());
  }
}
