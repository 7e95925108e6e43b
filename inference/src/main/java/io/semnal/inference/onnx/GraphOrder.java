package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxModel.Graph;
import io.semnal.inference.onnx.OnnxModel.Node;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings nodes into an order in which each comes after what it reads; refuses cycles. */
final class GraphOrder {
  private GraphOrder() {}

  static List<Node> sorted(Graph graph) {
    Map<String, Integer> makers = makers(graph);
    List<Node> nodes = graph.nodes();
    List<List<Integer>> readers = new ArrayList<>();
    nodes.forEach(node -> readers.add(new ArrayList<>()));
    int[] missing = new int[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : read(nodes.get(i))) {
        Integer maker = makers.get(input);
        if (maker == null) {
          throw new ModelRefusedException(
              nodes.get(i).describe() + " reads " + input + ", which nothing gives");
        }
        if (maker >= 0) {
          readers.get(maker).add(i);
          missing[i]++;
        }
      }
    }
    Deque<Integer> ready = new ArrayDeque<>();
    for (int i = 0; i < missing.length; i++) {
      if (missing[i] == 0) {
        ready.add(i);
      }
    }
    List<Node> order = new ArrayList<>();
    while (!ready.isEmpty()) {
      int next = ready.poll();
      order.add(nodes.get(next));
      for (int reader : readers.get(next)) {
        if (--missing[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (order.size() < nodes.size()) {
      throw new ModelRefusedException(
          "the graph has a cycle: "
              + (nodes.size() - order.size())
              + " nodes wait for each other's results");
    }
    return order;
  }

  /** Which node gives a value; −1 for inputs and constants. */
  private static Map<String, Integer> makers(Graph graph) {
    Map<String, Integer> makers = new HashMap<>();
    graph.constants().keySet().forEach(name -> makers.put(name, -1));
    graph.inputs().forEach(input -> makers.put(input.name(), -1));
    for (int i = 0; i < graph.nodes().size(); i++) {
      for (String output : graph.nodes().get(i).outputs()) {
        if (!output.isEmpty() && makers.put(output, i) != null) {
          throw new ModelRefusedException("two nodes give a value named " + output);
        }
      }
    }
    graph
        .outputs()
        .forEach(
            output -> {
              if (!makers.containsKey(output.name())) {
                throw new ModelRefusedException("nothing gives the output " + output.name());
              }
            });
    return makers;
  }

  /** What a node reads, each once; what the bodies of branches and loops read is not looked at. */
  private static Set<String> read(Node node) {
    Set<String> names = new HashSet<>(node.inputs());
    names.remove("");
    return names;
  }
}
