package io.semnal.inference.engine;

import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.scorer.Scorer;
import io.semnal.protocol.sbe.ScorerKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A scorer that says what the test wants: it must see situations that no real model meets often.
 */
final class ScriptedScorer implements Scorer {
  /** Maps float inputs to outputs; returns whether scoring worked. */
  @FunctionalInterface
  interface Script {
    boolean score(float[] row, double[] outputs);
  }

  private final MemorySegment input;
  private final float[] row;
  private final double[] outputs;
  private final boolean isDouble;
  private Script script;
  private boolean closed;

  ScriptedScorer(int features, int outputs, boolean isDouble, Script script) {
    input = Arena.ofAuto().allocate((long) features * (isDouble ? 8 : 4), 8);
    row = new float[features];
    this.outputs = new double[outputs];
    this.isDouble = isDouble;
    this.script = script;
  }

  /** Says these three numbers from now on: buy, sell, neutral. */
  void says(double buy, double sell, double neutral) {
    script =
        (row, out) -> {
          out[0] = buy;
          out[1] = sell;
          out[2] = neutral;
          return true;
        };
  }

  void script(Script script) {
    this.script = script;
  }

  boolean isClosed() {
    return closed;
  }

  static LoadedModel model(
      String name, int version, int seed, List<String> columns, ScriptedScorer scorer) {
    return model(
        card(name, version, columns, ModelCard.Output.CLASSES, "", false, ""), seed, scorer);
  }

  static LoadedModel model(ModelCard card, int seed, ScriptedScorer scorer) {
    byte[] sha = new byte[32];
    java.util.Arrays.fill(sha, (byte) seed);
    return new LoadedModel(card, sha, ScorerKind.ONNX_RUNTIME, scorer);
  }

  static ModelCard card(
      String name,
      int version,
      List<String> columns,
      ModelCard.Output output,
      String unit,
      boolean acceptsNaN,
      String labelPolicy) {
    return new ModelCard(
        name,
        version,
        "fx",
        "",
        columns,
        output,
        output == ModelCard.Output.CLASSES ? List.of("BUY", "SELL", "NEUTRAL") : List.of(),
        unit,
        "",
        acceptsNaN,
        labelPolicy,
        "scripted",
        "",
        "");
  }

  @Override
  public int features() {
    return row.length;
  }

  @Override
  public boolean isDouble() {
    return isDouble;
  }

  @Override
  public MemorySegment input() {
    return input;
  }

  @Override
  public int outputs() {
    return outputs.length;
  }

  @Override
  public boolean score() {
    for (int i = 0; i < row.length; i++) {
      row[i] =
          isDouble
              ? (float) input.getAtIndex(ValueLayout.JAVA_DOUBLE, i)
              : input.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return script.score(row, outputs);
  }

  @Override
  public double output(int index) {
    return outputs[index];
  }

  @Override
  public String lastError() {
    return "scripted";
  }

  @Override
  public void close() {
    closed = true;
  }
}
