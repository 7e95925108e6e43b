package io.semnal.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Ways to spoil a registered version, each with what the refusal has to say. */
final class HostileModels {
  private static final String SUMS = "SHA256SUMS";
  private static final String ONNX = "model.onnx";
  private static final String CARD = "card.json";

  private final int features;
  private final Map<String, Case> cases = new LinkedHashMap<>();

  /** Changes the files in a version's folder. */
  interface Spoiler {
    void spoil(Path version) throws IOException;
  }

  /**
   * @param sentence a part of the refusal
   */
  record Case(Spoiler spoiler, String sentence) {}

  /**
   * @param features that the sound model takes
   */
  HostileModels(int features) {
    this.features = features;
    folders();
    bytes();
    shapes();
    graphs();
  }

  Map<String, Case> cases() {
    return cases;
  }

  private void folders() {
    add("hash mismatch", v -> flip(v.resolve(ONNX)), "has SHA-256");
    add("no sums", v -> Files.delete(v.resolve(SUMS)), "SHA256SUMS is missing");
    add("no card", v -> Files.delete(v.resolve(CARD)), "card.json is missing");
    add("sums of nothing", v -> Files.writeString(v.resolve(SUMS), "x"), "a line that is no sum");
    add("card of noise", v -> put(v, CARD, new byte[] {'{', 0, 7}), "card");
    add("renamed version", v -> card(v, "\"version\" : [0-9]+", "\"version\" : 77"), "77");
    add("renamed model", v -> card(v, "\"name\" : \"default\"", "\"name\" : \"other\""), "other");
    add("other contract", v -> card(v, "\"return\\(1\\)\"", "\"return(9)\""), "'return(9)'");
    add("device", v -> link(v.resolve(ONNX), "/dev/zero"), "is no regular file");
    add("folder", v -> directory(v.resolve(ONNX)), "is no regular file");
  }

  private void bytes() {
    add("empty", v -> put(v, ONNX, new byte[0]), "the model file is empty");
    // C2 89 P is the tag of field 163992, N the length 78.
    String picture =
        "no ONNX model: field 163992 at byte 0 says it holds 78 bytes, there are 5 left";
    add("picture", v -> put(v, ONNX, "\u0089PNG\r\n\u001a\n".getBytes(UTF_8)), picture);
    byte[] noise = new byte[4096];
    new Random(7).nextBytes(noise);
    add("noise", v -> put(v, ONNX, noise), "no ONNX model: field ");
    add(
        "truncated",
        v -> {
          byte[] whole = Files.readAllBytes(v.resolve(ONNX));
          put(v, ONNX, Arrays.copyOf(whole, whole.length / 2));
        },
        "the file is damaged or no ONNX model: field 7 at byte ");
    add("weights beside", v -> external(v, "weights.bin"), "weights in another file");
    add("weights above", v -> external(v, "../../../../../etc/passwd"), "weights in another file");
    add("weights anywhere", v -> external(v, "/etc/passwd"), "weights in another file");
  }

  private void shapes() {
    add("too wide", scores(features + 1, 3), "expected " + features + " features");
    add(
        "two classes",
        scores(features, 2),
        "the card says output CLASSES [SELL, NEUTRAL, BUY], so 3 values; the model gives 2");
    long huge = 1L << 40;
    add("huge input", shaped(OnnxGraph.BATCH, huge), "features");
    add("overflowing input", shaped(OnnxGraph.BATCH, 1L << 32, 1L << 32), "features");
    add("fixed batch", shaped(huge, features), "the batch of");
    add("huge constant", grown("ConstantOfShape", huge), "too large for one row");
    add("huge expansion", grown("Expand", 1 << 20, 1 << 20), "too large for one row");
  }

  private void graphs() {
    add(
        "cycle",
        graph()
            .node("Add", List.of("features", "b"), List.of("scores"), Map.of())
            .node("Neg", List.of("scores"), List.of("b"), Map.of()),
        "the graph has a cycle");
    add(
        "loop",
        graph().node("Loop", List.of("", "", "features"), List.of("scores"), Map.of()),
        "may never end");
    add(
        "unknown operator",
        graph().node("Bogus", List.of("features"), List.of("scores"), Map.of()),
        "Bogus");
  }

  private OnnxGraph graph() {
    return new OnnxGraph("hostile").input("features", Element.FLOAT32, OnnxGraph.BATCH, features);
  }

  private static OnnxGraph scores(int width, int classes) {
    return new OnnxGraph("hostile")
        .input("features", Element.FLOAT32, OnnxGraph.BATCH, width)
        .initializer("W", new float[width * classes], width, classes)
        .node("MatMul", List.of("features", "W"), List.of("logits"), Map.of())
        .node("Softmax", List.of("logits"), List.of("scores"), Map.of("axis", -1L));
  }

  private static OnnxGraph shaped(long... shape) {
    return new OnnxGraph("hostile")
        .input("features", Element.FLOAT32, shape)
        .node("Softmax", List.of("features"), List.of("scores"), Map.of("axis", -1L));
  }

  private OnnxGraph grown(String operator, long... shape) {
    List<String> from = operator.equals("Expand") ? List.of("features", "shape") : List.of("shape");
    return scores(features, 3)
        .initializer("shape", shape, shape.length)
        .node(operator, from, List.of("grown"), Map.of());
  }

  private void add(String name, OnnxGraph graph, String sentence) {
    byte[] onnx = graph.output("scores", Element.FLOAT32, OnnxGraph.BATCH, 3).toBytes();
    add(name, v -> put(v, ONNX, onnx), sentence);
  }

  private void add(String name, Spoiler spoiler, String sentence) {
    cases.put(name, new Case(spoiler, sentence));
  }

  private void external(Path version, String location) throws IOException {
    Files.write(version.resolve("weights.bin"), new byte[features * 3 * Float.BYTES]);
    put(version, ONNX, withExternalWeights(location));
  }

  /** In the encoding of Protocol Buffers by hand: the project's own writer cannot say it. */
  private byte[] withExternalWeights(String location) {
    byte[] place = join(text(1, "location"), text(2, location));
    byte[] length = join(text(1, "length"), text(2, "" + features * 3 * Float.BYTES));
    byte[] weights =
        join(
            number(1, features),
            number(1, 3),
            number(2, 1),
            text(8, "W"),
            part(13, place),
            part(13, length),
            number(14, 1));
    byte[] product = join(text(1, "features"), text(1, "W"), text(2, "scores"), text(4, "MatMul"));
    byte[] graph =
        join(
            part(1, product),
            text(2, "external"),
            part(5, weights),
            part(11, value("features", features)),
            part(12, value("scores", 3)));
    return join(number(1, 8), part(7, graph), part(8, number(2, 17)));
  }

  private static byte[] value(String name, int width) {
    byte[] shape = join(part(1, text(2, "N")), part(1, number(1, width)));
    byte[] tensor = join(number(1, 1), part(2, shape));
    return join(text(1, name), part(2, part(1, tensor)));
  }

  private static byte[] text(int field, String value) {
    return part(field, value.getBytes(UTF_8));
  }

  private static byte[] part(int field, byte[] content) {
    return join(varint(field << 3 | 2), varint(content.length), content);
  }

  private static byte[] number(int field, int value) {
    return join(varint(field << 3), varint(value));
  }

  private static byte[] varint(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = value;
    for (; rest > 0x7F; rest >>>= 7) {
      out.write(rest & 0x7F | 0x80);
    }
    out.write(rest);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  private static void card(Path version, String pattern, String replacement) throws IOException {
    String card = Files.readString(version.resolve(CARD));
    String changed = card.replaceFirst(pattern, replacement);
    if (changed.equals(card)) {
      throw new AssertionError("no " + pattern + " in " + card);
    }
    put(version, CARD, changed.getBytes(UTF_8));
  }

  private static void link(Path file, String to) throws IOException {
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of(to));
  }

  private static void directory(Path file) throws IOException {
    Files.delete(file);
    Files.createDirectory(file);
  }

  /** Writes a file and its sum, as somebody would who has the right to. */
  private static void put(Path version, String file, byte[] bytes) throws IOException {
    Files.write(version.resolve(file), bytes);
    Map<String, String> sums = new TreeMap<>();
    for (String line : Files.readAllLines(version.resolve(SUMS))) {
      sums.put(line.substring(line.lastIndexOf(' ') + 1), line);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      sums.put(file, HexFormat.of().formatHex(hash) + "  " + file);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
    Files.writeString(version.resolve(SUMS), String.join("\n", sums.values()) + "\n");
  }
}
