package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.Map;

/** What combines values element by element, the smaller repeated to the larger's shape. */
final class ArithmeticOperators {
  private ArithmeticOperators() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("Add", call -> twoOrMore(call, Binary.ADD));
    operators.put("Sum", call -> twoOrMore(call, Binary.ADD));
    operators.put("Sub", call -> twoOrMore(call, Binary.SUBTRACT));
    operators.put("Mul", call -> twoOrMore(call, Binary.MULTIPLY));
    operators.put("Div", call -> twoOrMore(call, Binary.DIVIDE));
    operators.put("Min", call -> twoOrMore(call, Binary.MINIMUM));
    operators.put("Max", call -> twoOrMore(call, Binary.MAXIMUM));
    operators.put("Mean", ArithmeticOperators::mean);
    operators.put("Pow", ArithmeticOperators::power);
    operators.put("Mod", ArithmeticOperators::remainder);
    operators.put("PRelu", call -> twoOrMore(call, Binary.PRELU));
    operators.put("Equal", call -> twoOrMore(call, Binary.EQUAL));
    operators.put("Greater", call -> twoOrMore(call, Binary.GREATER));
    operators.put("GreaterOrEqual", call -> twoOrMore(call, Binary.GREATER_OR_EQUAL));
    operators.put("Less", call -> twoOrMore(call, Binary.LESS));
    operators.put("LessOrEqual", call -> twoOrMore(call, Binary.LESS_OR_EQUAL));
    operators.put("And", call -> twoOrMore(call, Binary.AND));
    operators.put("Or", call -> twoOrMore(call, Binary.OR));
    operators.put("Xor", call -> twoOrMore(call, Binary.XOR));
    operators.put("Where", ArithmeticOperators::where);
  }

  private static void twoOrMore(Call call, Binary function) {
    if (function == Binary.ADD && call.inputs() == 2 && joinsBias(call)) {
      return;
    }
    call.result(0, folded(call, function));
  }

  private static Value folded(Call call, Binary function) {
    Value result = call.in(0);
    for (int i = 1; i < call.inputs(); i++) {
      result = combined(call, function, result, call.in(i));
    }
    return result;
  }

  static Value combined(Call call, Binary function, Value a, Value b) {
    int[] shape = Shapes.broadcast(a.shape(), b.shape());
    Value left = Movement.expanded(call, a, shape);
    Value right = Movement.expanded(call, b, shape);
    int element = function.isComparison() ? OnnxModel.BOOL : a.element();
    boolean whole = a.element() != OnnxModel.FLOAT32 && a.element() != OnnxModel.FLOAT16;
    if (left.isConstant() && right.isConstant() && whole) {
      return ofIntegers(function, left, right, shape, element);
    }
    if (a.isInteger() && !function.isComparison()) {
      throw call.unsupported("integers that are computed from the row");
    }
    Value result = Value.buffer(shape, element);
    float[] first = left.data();
    float[] second = right.data();
    float[] to = result.data();
    int n = result.size();
    call.step(() -> function.apply(first, second, to, n));
    return result;
  }

  private static Value ofIntegers(Binary function, Value a, Value b, int[] shape, int element) {
    double[] values = new double[Shapes.size(shape)];
    for (int i = 0; i < values.length; i++) {
      double value = function.ofIntegers(a.constants()[i], b.constants()[i]);
      values[i] =
          a.element() == OnnxModel.FLOAT64 && function == Binary.DIVIDE
              ? a.constants()[i] / b.constants()[i]
              : value;
    }
    return Value.constant(shape, element, values);
  }

  /** A constant row that is added to a dense layer's rows becomes its bias. */
  private static boolean joinsBias(Call call) {
    for (int i = 0; i < 2; i++) {
      Value sum = call.in(i);
      Value row = call.in(1 - i);
      Dense maker = sum.maker();
      if (maker != null && maker.takesBias() && call.isOnlyReader(i) && row.isConstant()) {
        float[] bias = rowOf(row, sum.shape(), maker.outputs());
        if (bias != null) {
          maker.addBias(bias);
          call.result(0, sum);
          return true;
        }
      }
    }
    return false;
  }

  /** The one row that a constant adds to every row of a shape; null where there is none. */
  private static float[] rowOf(Value constant, int[] shape, int width) {
    int[] own = constant.shape();
    int last = own.length == 0 ? 1 : own[own.length - 1];
    boolean row = constant.size() == last && (last == 1 || last == width);
    if (!row || own.length > shape.length || shape[shape.length - 1] != width) {
      return null;
    }
    float[] bias = new float[width];
    for (int i = 0; i < width; i++) {
      bias[i] = constant.data()[last == 1 ? 0 : i];
    }
    return bias;
  }

  private static void mean(Call call) {
    Value sum = folded(call, Binary.ADD);
    Value count = Value.constant(new int[0], OnnxModel.FLOAT32, new double[] {call.inputs()});
    call.result(0, combined(call, Binary.DIVIDE, sum, count));
  }

  private static void power(Call call) {
    Value exponent = call.in(1);
    if (!exponent.isConstant() || exponent.size() != 1 || call.in(0).isInteger()) {
      twoOrMore(call, Binary.POWER);
      return;
    }
    double power = exponent.constants()[0];
    Unary function =
        power == 2
            ? Unary.SQUARE
            : power == 3
                ? Unary.CUBE
                : power == 0.5 ? Unary.SQRT : power == 1 ? Unary.IDENTITY : null;
    if (function == null || exponent.rank() > call.in(0).rank()) {
      twoOrMore(call, Binary.POWER);
    } else {
      ActivationOperators.apply(call, function, OnnxModel.FLOAT32, 0, 0);
    }
  }

  private static void remainder(Call call) {
    if (call.integer("fmod", 0) == 0 && !isNotNegative(call)) {
      throw call.unsupported("of numbers that may be negative, without fmod");
    }
    twoOrMore(call, Binary.REMAINDER);
  }

  private static boolean isNotNegative(Call call) {
    for (int i = 0; i < 2; i++) {
      for (double value : call.constants(i)) {
        if (value < 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static void where(Call call) {
    Value first = call.in(1);
    Value second = call.in(2);
    int[] both = Shapes.broadcast(first.shape(), second.shape());
    int[] shape = Shapes.broadcast(call.in(0).shape(), both);
    Value condition = Movement.expanded(call, call.in(0), shape);
    Value yes = Movement.expanded(call, first, shape);
    Value no = Movement.expanded(call, second, shape);
    if (condition.isConstant() && yes.isConstant() && no.isConstant()) {
      double[] values = new double[Shapes.size(shape)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (condition.constants()[i] != 0 ? yes : no).constants()[i];
      }
      call.result(0, Value.constant(shape, first.element(), values));
      return;
    }
    Value result = call.result(0, first.element(), shape);
    float[] test = condition.data();
    float[] a = yes.data();
    float[] b = no.data();
    float[] to = result.data();
    int n = result.size();
    call.step(
        () -> {
          for (int i = 0; i < n; i++) {
            to[i] = test[i] != 0 ? a[i] : b[i];
          }
        });
  }
}
