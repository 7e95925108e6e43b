package io.semnal.bench.wire;

import io.semnal.bench.ScoreModels;

/** What is measured over the wire: who scores, what, and how the client hears of it. */
enum WireScenario {
  MLP("MLP compiled, SBE/TCP", "compiled", false, 1.25, 1.5, 2.0) {
    @Override
    byte[] model() {
      return ScoreModels.mlp();
    }
  },
  MLP_ONNX_RUNTIME("MLP by ONNX Runtime, SBE/TCP", "onnxruntime", false, 1.7, 2.0, 2.5) {
    @Override
    byte[] model() {
      return ScoreModels.mlp();
    }
  },
  TREES("100 trees compiled, SBE/TCP", "compiled", false, 1.4, 1.6, 2.2) {
    @Override
    byte[] model() {
      return ScoreModels.trees(100);
    }
  },
  MLP_WEBSOCKET(
      "MLP compiled, SBE/WebSocket", "compiled", true, Double.NaN, Double.NaN, Double.NaN) {
    @Override
    byte[] model() {
      return ScoreModels.mlp();
    }
  };

  /** The rate that the targets are about, ticks a second. */
  static final int TARGET_RATE = 20_000;

  private final String title;
  private final String scorer;
  private final boolean webSocket;
  private final double[] targets;

  WireScenario(String title, String scorer, boolean webSocket, double... targets) {
    this.title = title;
    this.scorer = scorer;
    this.webSocket = webSocket;
    this.targets = targets;
  }

  /** An ONNX file of 32 features and three classes. */
  abstract byte[] model();

  String title() {
    return title;
  }

  /** The setting {@code models.scorer}. */
  String scorer() {
    return scorer;
  }

  boolean isWebSocket() {
    return webSocket;
  }

  /** For a file's name. */
  String id() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /**
   * The most that a latency may be of the floor's.
   *
   * @return NaN = there is no target
   */
  double target(double percentile, int rate) {
    if (rate != TARGET_RATE) {
      return Double.NaN;
    }
    if (percentile == 50) {
      return targets[0];
    }
    if (percentile == 99) {
      return targets[1];
    }
    return percentile == 99.9 ? targets[2] : Double.NaN;
  }
}
