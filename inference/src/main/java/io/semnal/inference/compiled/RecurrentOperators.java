package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxModel;
import java.util.List;
import java.util.Map;

/** Recurrent layers over the steps of one window: what the input adds is computed for all first. */
final class RecurrentOperators {
  private RecurrentOperators() {}

  static void addTo(Map<String, Operator> operators) {
    operators.put("LSTM", call -> layer(call, 4, List.of("Sigmoid", "Tanh", "Tanh")));
    operators.put("GRU", call -> layer(call, 3, List.of("Sigmoid", "Tanh")));
    operators.put("RNN", call -> layer(call, 1, List.of(isRectified(call) ? "Relu" : "Tanh")));
  }

  private static void layer(Call call, int gates, List<String> activations) {
    Value x = call.in(0);
    int hidden = call.in(2).dimension(2);
    String direction = call.text("direction", "forward");
    int directions = direction.equals("bidirectional") ? 2 : 1;
    check(call, gates, hidden, directions, activations);
    int steps = x.dimension(0);
    Value all = Value.buffer(new int[] {steps, directions, 1, hidden}, OnnxModel.FLOAT32);
    Value last = Value.buffer(new int[] {directions, 1, hidden}, OnnxModel.FLOAT32);
    Value cell = Value.buffer(new int[] {directions, 1, hidden}, OnnxModel.FLOAT32);
    for (int i = 0; i < directions; i++) {
      boolean backwards = direction.equals("reverse") || i == 1;
      RecurrentLayer.Parts parts =
          new RecurrentLayer.Parts(
              projected(call, gates, hidden, i),
              recurrent(call, gates, hidden, i),
              recurrentBias(call, gates, hidden, i),
              initial(call, 5, directions, hidden),
              initial(call, 6, directions, hidden),
              new RecurrentLayer.Extent(steps, hidden, directions, i, backwards),
              all.data(),
              last.data(),
              cell.data());
      call.step(
          switch (gates) {
            case 4 -> new RecurrentLayer.Lstm(parts);
            case 3 -> new RecurrentLayer.Gru(parts, isLinearBeforeReset(call));
            default -> new RecurrentLayer.Plain(parts, isRectified(call));
          });
    }
    call.result(0, all);
    call.result(1, last);
    call.result(2, cell);
  }

  private static boolean isRectified(Call call) {
    return call.texts("activations").stream().anyMatch("Relu"::equals);
  }

  private static boolean isLinearBeforeReset(Call call) {
    return call.integer("linear_before_reset", 0) != 0;
  }

  private static void check(
      Call call, int gates, int hidden, int directions, List<String> activations) {
    Value x = call.in(0);
    boolean fits =
        x.rank() == 3
            && x.dimension(1) == 1
            && call.in(1).isConstant()
            && call.in(2).isConstant()
            && call.in(1).size() == directions * gates * hidden * x.dimension(2)
            && call.in(2).size() == directions * gates * hidden * hidden;
    if (!fits || call.integer("layout", 0) != 0) {
      throw call.unsupported("only [T,1,C] with constant weights, layout 0, is covered");
    }
    if (call.has(7) || call.hasAttribute("clip") || call.integer("input_forget", 0) != 0) {
      throw call.unsupported("peepholes, clipping and coupled gates are not covered");
    }
    if (call.has(4) && call.constants(4)[0] != x.dimension(0)) {
      throw call.unsupported("sequences shorter than the window");
    }
    List<?> given = call.texts("activations");
    for (int i = 0; i < given.size(); i++) {
      if (!activations.get(i % activations.size()).equalsIgnoreCase((String) given.get(i))) {
        throw call.unsupported("activation " + given.get(i));
      }
    }
  }

  /** By step: input · W, plus the biases that can be added beforehand. */
  private static float[] projected(Call call, int gates, int hidden, int direction) {
    Value x = call.in(0);
    int inputs = x.dimension(2);
    int width = gates * hidden;
    float[] matrix = transposed(call.in(1).data(), direction * width, width, inputs);
    int[] shape = {x.dimension(0), width};
    Value result = LinearOperators.dense(call, x, matrix, shape, inputs, width, 1);
    if (call.has(3)) {
      double[] biases = call.constants(3);
      float[] bias = new float[width];
      boolean apart = gates == 3 && isLinearBeforeReset(call);
      for (int i = 0; i < width; i++) {
        double ofInput = biases[direction * 2 * width + i];
        double ofState = biases[(direction * 2 + 1) * width + i];
        // A gated-recurrent candidate's own bias is gated too, so it stays apart.
        bias[i] = (float) (apart && i >= 2 * hidden ? ofInput : ofInput + ofState);
      }
      result.maker().addBias(bias);
    }
    return result.data();
  }

  private static float[] recurrent(Call call, int gates, int hidden, int direction) {
    int width = gates * hidden;
    return transposed(call.in(2).data(), direction * width, width, hidden);
  }

  private static float[] recurrentBias(Call call, int gates, int hidden, int direction) {
    int width = gates * hidden;
    float[] bias = new float[hidden + Value.SLACK];
    if (call.has(3) && gates == 3) {
      double[] biases = call.constants(3);
      for (int i = 0; i < hidden; i++) {
        bias[i] = (float) biases[(direction * 2 + 1) * width + 2 * hidden + i];
      }
    }
    return bias;
  }

  /** Rows of weights by output to a matrix by input. */
  private static float[] transposed(float[] rows, int first, int outputs, int inputs) {
    float[] matrix = new float[inputs * outputs];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        matrix[i * outputs + o] = rows[(first + o) * inputs + i];
      }
    }
    return matrix;
  }

  private static float[] initial(Call call, int input, int directions, int hidden) {
    if (!call.has(input)) {
      return new float[directions * hidden];
    }
    if (call.in(input).size() != directions * hidden) {
      throw call.unsupported("an initial state of shape " + call.in(input));
    }
    return call.in(input).data();
  }
}
