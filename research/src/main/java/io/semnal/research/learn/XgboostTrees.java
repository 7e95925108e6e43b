package io.semnal.research.learn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.inference.onnx.TreeModel.Tree;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads XGBoost's dump. A branch goes to {@code yes} where {@code x < split_condition}, both
 * float32. Within a round, the trees of the first class come first.
 */
final class XgboostTrees {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private XgboostTrees() {}

  /**
   * @param rounds how many to take; later ones are left out
   * @param parallel trees to a class in each round
   */
  static List<Tree> read(String[] dump, int rounds, int parallel, int classes) {
    List<Tree> trees = new ArrayList<>();
    int count = Math.min(dump.length, rounds * parallel * classes);
    for (int t = 0; t < count; t++) {
      trees.add(tree(dump[t], t / parallel % classes));
    }
    return trees;
  }

  private static Tree tree(String json, int target) {
    try {
      Nodes nodes = new Nodes();
      nodes.add(MAPPER.readTree(json));
      return nodes.tree(target);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("XGBoost's dump cannot be read", e);
    }
  }

  /** Nodes in the order in which they are met, the root first. */
  private static final class Nodes {
    private final List<JsonNode> met = new ArrayList<>();
    private final List<Integer> lefts = new ArrayList<>();
    private final List<Integer> rights = new ArrayList<>();

    int add(JsonNode node) {
      int position = met.size();
      met.add(node);
      lefts.add(0);
      rights.add(0);
      if (!node.has("leaf")) {
        lefts.set(position, add(child(node, "yes")));
        rights.set(position, add(child(node, "no")));
      }
      return position;
    }

    private static JsonNode child(JsonNode node, String way) {
      int id = node.path(way).intValue();
      for (JsonNode child : node.path("children")) {
        if (child.path("nodeid").intValue() == id) {
          return child;
        }
      }
      throw new IllegalStateException("XGBoost's dump lacks node " + id);
    }

    Tree tree(int target) {
      int size = met.size();
      int[] feature = new int[size];
      float[] threshold = new float[size];
      boolean[] missingLeft = new boolean[size];
      for (int i = 0; i < size; i++) {
        JsonNode node = met.get(i);
        if (node.has("leaf")) {
          feature[i] = -1;
          threshold[i] = Float.parseFloat(node.path("leaf").asText());
        } else {
          feature[i] = Integer.parseInt(node.path("split").asText().substring(1));
          threshold[i] = Float.parseFloat(node.path("split_condition").asText());
          missingLeft[i] = node.path("missing").intValue() == node.path("yes").intValue();
        }
      }
      return new Tree(
          target,
          feature,
          threshold,
          lefts.stream().mapToInt(i -> i).toArray(),
          rights.stream().mapToInt(i -> i).toArray(),
          missingLeft);
    }
  }
}
