package io.semnal.inference.scorer;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An input or output as the model declares it.
 *
 * @param kind {@code ONNXType}: 1 is a tensor
 * @param element {@code ONNXTensorElementDataType}; 0 where the kind is not a tensor
 * @param dimensions below 0 where not fixed
 */
public record ValueSpec(String name, int kind, int element, List<Long> dimensions) {
  public static final int TENSOR = 1;
  public static final int SEQUENCE = 2;
  public static final int MAP = 3;
  public static final int FLOAT32 = 1;
  public static final int FLOAT64 = 11;

  private static final List<String> KINDS =
      List.of("unknown", "tensor", "sequence", "map", "opaque", "sparse tensor", "optional");
  private static final List<String> ELEMENTS =
      List.of(
          "undefined",
          "float32",
          "uint8",
          "int8",
          "uint16",
          "int16",
          "int32",
          "int64",
          "string",
          "bool",
          "float16",
          "float64",
          "uint32",
          "uint64",
          "complex64",
          "complex128",
          "bfloat16");

  public ValueSpec {
    dimensions = List.copyOf(dimensions);
  }

  public boolean isTensor() {
    return kind == TENSOR;
  }

  /** Whether it is a tensor of float32 or float64. */
  public boolean isReal() {
    return isTensor() && (element == FLOAT32 || element == FLOAT64);
  }

  public boolean isDouble() {
    return element == FLOAT64;
  }

  public int rank() {
    return dimensions.size();
  }

  /** For people: {@code probabilities float32[?,3]}. */
  public String describe() {
    if (!isTensor()) {
      return name + " " + named(KINDS, kind, "kind ");
    }
    return name
        + " "
        + named(ELEMENTS, element, "type ")
        + dimensions.stream()
            .map(d -> d < 0 ? "?" : Long.toString(d))
            .collect(Collectors.joining(",", "[", "]"));
  }

  public static String describe(List<ValueSpec> specs) {
    return specs.stream().map(ValueSpec::describe).collect(Collectors.joining(", "));
  }

  private static String named(List<String> names, int index, String otherwise) {
    return index >= 0 && index < names.size() ? names.get(index) : otherwise + index;
  }
}
