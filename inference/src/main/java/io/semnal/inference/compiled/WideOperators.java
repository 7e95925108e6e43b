package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * The operators of float64, for models that were exported from it: those of which ONNX Runtime has
 * an implementation to compare with.
 */
final class WideOperators {
  /** Operators that move elements or name shapes, whatever the elements are. */
  private static final Set<String> ANY =
      Set.of(
          "Identity",
          "Dropout",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Slice",
          "Gather",
          "Split",
          "Concat",
          "Expand",
          "Tile",
          "Pad",
          "Shape",
          "Size",
          "Range",
          "Cast",
          "CastLike",
          "ai.onnx.ml.ArrayFeatureExtractor",
          "ai.onnx.ml.TreeEnsemble",
          "ai.onnx.ml.TreeEnsembleClassifier",
          "ai.onnx.ml.TreeEnsembleRegressor");

  private static final Map<String, Operator> ALL = all();

  private WideOperators() {}

  private static Map<String, Operator> all() {
    Map<String, Operator> all = new TreeMap<>();
    unary(all, "Relu", x -> x > 0 || x != x ? x : 0);
    unary(all, "Tanh", Elementary::tanh);
    unary(all, "Sigmoid", Elementary::sigmoid);
    unary(all, "Softplus", Elementary::softplus);
    unary(all, "Exp", Elementary::exp);
    unary(all, "Log", StrictMath::log);
    unary(all, "Sqrt", Math::sqrt);
    unary(all, "Sin", StrictMath::sin);
    unary(all, "Cos", StrictMath::cos);
    unary(all, "Neg", x -> -x);
    unary(all, "Abs", Math::abs);
    unary(all, "Reciprocal", x -> 1 / x);
    unary(all, "Floor", Math::floor);
    unary(all, "Ceil", Math::ceil);
    unary(all, "Round", Math::rint);
    unary(all, "Sign", Math::signum);
    all.put("Clip", WideOperators::clip);
    all.put("IsNaN", call -> apply(call, x -> x != x ? 1 : 0, OnnxModel.BOOL));
    binary(all, "Add", (a, b) -> a + b);
    binary(all, "Sum", (a, b) -> a + b);
    binary(all, "Sub", (a, b) -> a - b);
    binary(all, "Mul", (a, b) -> a * b);
    binary(all, "Div", (a, b) -> a / b);
    binary(all, "Min", Math::min);
    binary(all, "Max", Math::max);
    binary(all, "Pow", WideOperators::power);
    binary(all, "PRelu", (a, b) -> a >= 0 ? a : a * b);
    comparison(all, "Equal", (a, b) -> a == b ? 1 : 0);
    comparison(all, "Greater", (a, b) -> a > b ? 1 : 0);
    comparison(all, "GreaterOrEqual", (a, b) -> a >= b ? 1 : 0);
    comparison(all, "Less", (a, b) -> a < b ? 1 : 0);
    comparison(all, "LessOrEqual", (a, b) -> a <= b ? 1 : 0);
    all.put("Where", WideOperators::where);
    all.put("ai.onnx.ml.LinearClassifier", call -> MlOperators.linearClassifier(call.narrowed()));
    WideMatrices.addTo(all);
    ReductionOperators.addReductionsTo(all);
    return all;
  }

  /** Null where it is not covered. */
  static Operator find(String domain, String name) {
    String key = domain.isEmpty() ? name : domain + "." + name;
    return ANY.contains(key) ? Operators.find(domain, name) : ALL.get(key);
  }

  private static void unary(Map<String, Operator> all, String name, DoubleUnaryOperator function) {
    all.put(name, call -> apply(call, function, OnnxModel.FLOAT64));
  }

  private static void binary(
      Map<String, Operator> all, String name, DoubleBinaryOperator function) {
    all.put(
        name,
        call -> {
          Value result = call.in(0);
          for (int i = 1; i < call.inputs(); i++) {
            result = combined(call, function, result, call.in(i), OnnxModel.FLOAT64);
          }
          call.result(0, result);
        });
  }

  private static void comparison(
      Map<String, Operator> all, String name, DoubleBinaryOperator function) {
    all.put(
        name,
        call -> call.result(0, combined(call, function, call.in(0), call.in(1), OnnxModel.BOOL)));
  }

  private static void apply(Call call, DoubleUnaryOperator function, int element) {
    Value value = call.in(0);
    double[] from = value.wide();
    Value result = call.result(0, element, value.shape());
    int n = value.size();
    if (result.isWide()) {
      double[] to = result.wide();
      call.step(
          () -> {
            for (int i = 0; i < n; i++) {
              to[i] = function.applyAsDouble(from[i]);
            }
          });
      return;
    }
    float[] to = result.data();
    call.step(
        () -> {
          for (int i = 0; i < n; i++) {
            to[i] = (float) function.applyAsDouble(from[i]);
          }
        });
  }

  /** Element by element, the smaller repeated to the larger's shape. */
  static Value combined(Call call, DoubleBinaryOperator function, Value a, Value b, int element) {
    int[] shape = Shapes.broadcast(a.shape(), b.shape());
    double[] left = wide(call, a, shape);
    double[] right = wide(call, b, shape);
    Value result = Value.buffer(shape, element);
    int n = result.size();
    if (result.isWide()) {
      double[] to = result.wide();
      call.step(
          () -> {
            for (int i = 0; i < n; i++) {
              to[i] = function.applyAsDouble(left[i], right[i]);
            }
          });
    } else {
      float[] to = result.data();
      call.step(
          () -> {
            for (int i = 0; i < n; i++) {
              to[i] = (float) function.applyAsDouble(left[i], right[i]);
            }
          });
    }
    return result;
  }

  private static double[] wide(Call call, Value value, int[] shape) {
    if (!value.isWide()) {
      throw call.unsupported("float64 together with element type " + value.element());
    }
    return Movement.expanded(call, value, shape).wide();
  }

  private static double power(double a, double b) {
    return b == 2 ? a * a : StrictMath.pow(a, b);
  }

  private static void clip(Call call) {
    double least = call.has(1) ? call.constants(1)[0] : call.real("min", Float.NEGATIVE_INFINITY);
    double most = call.has(2) ? call.constants(2)[0] : call.real("max", Float.POSITIVE_INFINITY);
    apply(call, x -> x < least ? least : x > most ? most : x, OnnxModel.FLOAT64);
  }

  private static void where(Call call) {
    Value first = call.in(1);
    Value second = call.in(2);
    int[] both = Shapes.broadcast(first.shape(), second.shape());
    int[] shape = Shapes.broadcast(call.in(0).shape(), both);
    float[] test = Movement.expanded(call, call.in(0), shape).data();
    double[] yes = wide(call, first, shape);
    double[] no = wide(call, second, shape);
    Value result = call.result(0, OnnxModel.FLOAT64, shape);
    double[] to = result.wide();
    int n = result.size();
    call.step(
        () -> {
          for (int i = 0; i < n; i++) {
            to[i] = test[i] != 0 ? yes[i] : no[i];
          }
        });
  }
}
