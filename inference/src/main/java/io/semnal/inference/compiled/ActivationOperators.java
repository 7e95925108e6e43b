package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.Map;

/** What applies a function to each element; after a dense layer it becomes part of it. */
final class ActivationOperators {
  private static final float SELU_ALPHA = 1.6732631921768188f;
  private static final float SELU_GAMMA = 1.0507010221481323f;

  private ActivationOperators() {}

  static void addTo(Map<String, Operator> operators) {
    plain(operators, "Relu", Unary.RELU);
    plain(operators, "Tanh", Unary.TANH);
    plain(operators, "Sigmoid", Unary.SIGMOID);
    plain(operators, "Softplus", Unary.SOFTPLUS);
    plain(operators, "Softsign", Unary.SOFTSIGN);
    plain(operators, "HardSwish", Unary.HARD_SWISH);
    plain(operators, "Mish", Unary.MISH);
    plain(operators, "Exp", Unary.EXP);
    plain(operators, "Log", Unary.LOG);
    plain(operators, "Erf", Unary.ERF);
    plain(operators, "Sqrt", Unary.SQRT);
    plain(operators, "Sin", Unary.SIN);
    plain(operators, "Cos", Unary.COS);
    plain(operators, "Neg", Unary.NEGATE);
    plain(operators, "Abs", Unary.ABSOLUTE);
    plain(operators, "Reciprocal", Unary.RECIPROCAL);
    plain(operators, "Floor", Unary.FLOOR);
    plain(operators, "Ceil", Unary.CEIL);
    plain(operators, "Round", Unary.ROUND);
    plain(operators, "Sign", Unary.SIGN);
    operators.put("Not", call -> apply(call, Unary.NOT, OnnxModel.BOOL, 0, 0));
    operators.put("IsNaN", call -> apply(call, Unary.IS_NAN, OnnxModel.BOOL, 0, 0));
    operators.put("LeakyRelu", call -> withAlpha(call, Unary.LEAKY_RELU, 0.01f));
    operators.put("Elu", call -> withAlpha(call, Unary.ELU, 1));
    operators.put("Celu", call -> withAlpha(call, Unary.CELU, 1));
    operators.put("ThresholdedRelu", call -> withAlpha(call, Unary.THRESHOLDED_RELU, 1));
    operators.put("Swish", call -> withAlpha(call, Unary.SWISH, 1));
    operators.put(
        "Selu",
        call ->
            apply(
                call,
                Unary.SELU,
                OnnxModel.FLOAT32,
                call.real("alpha", SELU_ALPHA),
                call.real("gamma", SELU_GAMMA)));
    operators.put(
        "HardSigmoid",
        call ->
            apply(
                call,
                Unary.HARD_SIGMOID,
                OnnxModel.FLOAT32,
                call.real("alpha", 0.2f),
                call.real("beta", 0.5f)));
    operators.put("Gelu", ActivationOperators::gelu);
    operators.put("Clip", ActivationOperators::clip);
    operators.put(
        "ai.onnx.ml.Binarizer",
        call -> apply(call, Unary.ABOVE, OnnxModel.FLOAT32, call.real("threshold", 0), 0));
  }

  private static void plain(Map<String, Operator> operators, String name, Unary function) {
    operators.put(name, call -> apply(call, function, call.in(0).element(), 0, 0));
  }

  private static void withAlpha(Call call, Unary function, float otherwise) {
    apply(call, function, OnnxModel.FLOAT32, call.real("alpha", otherwise), 0);
  }

  static void apply(Call call, Unary function, int element, float alpha, float beta) {
    Value value = call.in(0);
    Dense maker = value.maker();
    if (maker != null && maker.takesActivation() && call.isOnlyReader(0)) {
      maker.activate(function, alpha, beta);
      Value result = value.as(value.shape(), element);
      result.madeBy(null);
      call.result(0, result);
      return;
    }
    float[] from = value.data();
    float[] to = call.result(0, element, value.shape()).data();
    int n = value.size();
    call.step(() -> function.apply(from, to, n, alpha, beta));
  }

  private static void gelu(Call call) {
    boolean exact = call.text("approximate", "none").equals("none");
    apply(call, exact ? Unary.GELU : Unary.GELU_TANH, OnnxModel.FLOAT32, 0, 0);
  }

  private static void clip(Call call) {
    float least =
        call.has(1) ? (float) call.constants(1)[0] : call.real("min", Float.NEGATIVE_INFINITY);
    float most =
        call.has(2) ? (float) call.constants(2)[0] : call.real("max", Float.POSITIVE_INFINITY);
    apply(call, Unary.CLIP, call.in(0).element(), least, most);
  }
}
