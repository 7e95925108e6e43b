package io.semnal.research;

import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelCard;

/** A model as it came out of a fit: its numbers, how it did, and what it says of itself. */
record FittedModel(LinearClassifier classifier, Evaluation evaluation, ModelCard card) {
  /** The ONNX file. */
  byte[] onnx() {
    return OnnxWriter.logistic(classifier.weights(), classifier.bias(), BarrierLabeller.CLASSES);
  }
}
