package io.semnal.inference.registry;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Shows hostile and damaged files to the verifier, in a process of its own: a native crash ends it.
 */
final class HostileFiles {
  static final String DONE = "done: ";

  private HostileFiles() {}

  /**
   * @param args the seconds to go on, then files to damage
   */
  public static void main(String[] args) throws Exception {
    for (Map.Entry<String, byte[]> file : crafted().entrySet()) {
      String said = load(file.getValue(), TestModels.card("m"));
      System.out.println(file.getKey() + ": " + (said == null ? "ACCEPTED" : said));
    }
    List<byte[]> originals = new ArrayList<>();
    originals.add(TestModels.logistic(0.5));
    for (String name : Arrays.asList(args).subList(1, args.length)) {
      originals.add(Files.readAllBytes(Path.of(name)));
    }
    long end = System.nanoTime() + Long.parseLong(args[0]) * 1_000_000_000L;
    Random random = new Random(7);
    int refused = 0;
    int accepted = 0;
    while (System.nanoTime() < end) {
      byte[] damaged = damage(originals.get(random.nextInt(originals.size())), random);
      if (load(damaged, card(random)) == null) {
        accepted++;
      } else {
        refused++;
      }
    }
    System.out.println(DONE + refused + " refused, " + accepted + " accepted");
  }

  /** What the refusal says; null where it loads. Anything but a refusal ends the process. */
  private static String load(byte[] onnx, ModelCard card) {
    try {
      ModelVerifier.load(new ModelFiles(onnx, card), ScorerChoice.AUTO).close();
      return null;
    } catch (ModelRefusedException e) {
      return e.getMessage();
    }
  }

  private static ModelCard card(Random random) {
    int columns = new int[] {TestModels.FEATURES, 20, 32, 160}[random.nextInt(4)];
    return TestModels.card(
        "m", ModelCard.Output.CLASSES, TestModels.CLASSES, "", columns, random.nextBoolean());
  }

  private static byte[] damage(byte[] original, Random random) {
    byte[] bytes = original.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        // Structure stands at the ends of a file, between and around the weights.
        for (int i = 0; i < 3; i++) {
          int near = random.nextInt(Math.min(bytes.length, 400));
          bytes[random.nextBoolean() ? near : bytes.length - 1 - near] = (byte) random.nextInt();
        }
      }
      default -> {
        int from = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - from, random.nextInt(64));
        System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes, from, length);
      }
    }
    return bytes;
  }

  private static Map<String, byte[]> crafted() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("empty", new byte[0]);
    files.put("text", "not a model at all".getBytes());
    long huge = 1L << 40;
    files.put("huge constant", grown("ConstantOfShape", new long[] {huge}));
    files.put("huge expand", grown("Expand", new long[] {1 << 20, 1 << 20}));
    files.put("huge tile", grown("Tile", new long[] {1 << 20, 1 << 20}));
    files.put("huge reshape", grown("Reshape", new long[] {1 << 20, 1 << 20}));
    files.put("negative", grown("ConstantOfShape", new long[] {-5, -huge}));
    files.put("many large", manyLarge());
    files.put("outer product", outerProduct());
    files.put("cycle", cycle());
    files.put("huge input", shaped(OnnxGraph.BATCH, huge));
    files.put("overflowing input", shaped(OnnxGraph.BATCH, 1L << 32, 1L << 32));
    files.put("negative input", shaped(OnnxGraph.BATCH, -7));
    files.put("fixed batch", shaped(huge, 4));
    files.put("endless loop", endless());
    byte[] deep = {};
    for (int i = 0; i < 2000; i++) {
      byte[] outer = Arrays.copyOf(new byte[] {0x3A}, deep.length + 4);
      outer[1] = (byte) (deep.length & 0x7F | 0x80);
      outer[2] = (byte) (deep.length >> 7 & 0x7F | 0x80);
      outer[3] = (byte) (deep.length >> 14);
      System.arraycopy(deep, 0, outer, 4, deep.length);
      deep = outer;
    }
    files.put("deep", deep);
    byte[] lying = TestModels.logistic(1).clone();
    lying[14] = (byte) 0xFF;
    lying[15] = (byte) 0xFF;
    files.put("lying length", lying);
    return files;
  }

  private static OnnxGraph features() {
    return new OnnxGraph("hostile").input("features", Element.FLOAT32, OnnxGraph.BATCH, 4);
  }

  /** Beside the score, so that nobody needs it. */
  private static byte[] grown(String operator, long[] shape) {
    boolean alone = operator.equals("ConstantOfShape");
    return features()
        .initializer("shape", shape, shape.length)
        .initializer("W", new float[12], 4, 3)
        .node("MatMul", List.of("features", "W"), List.of("logits"), Map.of())
        .node("Softmax", List.of("logits"), List.of("scores"), Map.of())
        .node(
            operator,
            alone ? List.of("shape") : List.of("features", "shape"),
            List.of("grown"),
            Map.of())
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 3)
        .output("grown", Element.FLOAT32, OnnxGraph.BATCH, 3)
        .toBytes();
  }

  private static byte[] manyLarge() {
    OnnxGraph graph =
        features()
            .initializer("shape", new long[] {1 << 12, 1 << 12}, 2)
            .initializer("W", new float[12], 4, 3);
    String sum = "features";
    for (int i = 0; i < 100; i++) {
      graph.node("Expand", List.of("one" + i, "shape"), List.of("large" + i), Map.of());
      graph.node("ReduceSum", List.of(sum), List.of("one" + i), Map.of("keepdims", 1L));
      sum = "large" + i;
    }
    return graph
        .node("ReduceSum", List.of(sum), List.of("last"), Map.of("keepdims", 1L))
        .output("last", Element.FLOAT32, 1, 1)
        .toBytes();
  }

  private static byte[] outerProduct() {
    int side = 1 << 16;
    return features()
        .initializer("column", new float[side], side, 1)
        .initializer("row", new float[side], 1, side)
        .node("Add", List.of("column", "row"), List.of("square"), Map.of())
        .node("ReduceSum", List.of("square"), List.of("sum"), Map.of())
        .node("Add", List.of("features", "sum"), List.of("scores"), Map.of())
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 4)
        .toBytes();
  }

  private static byte[] cycle() {
    return features()
        .node("Add", List.of("features", "b"), List.of("a"), Map.of())
        .node("Neg", List.of("a"), List.of("b"), Map.of())
        .output("a", Element.FLOAT32, OnnxGraph.BATCH, 4)
        .toBytes();
  }

  private static byte[] shaped(long... shape) {
    return new OnnxGraph("shaped")
        .input("features", Element.FLOAT32, shape)
        .node("Softmax", List.of("features"), List.of("scores"), Map.of())
        .output("scores", Element.FLOAT32, shape)
        .toBytes();
  }

  private static byte[] endless() {
    return features()
        .node("Loop", List.of("", "", "features"), List.of("scores"), Map.of())
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 4)
        .toBytes();
  }
}
