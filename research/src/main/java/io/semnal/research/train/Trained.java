package io.semnal.research.train;

import io.semnal.research.evaluate.Report;
import io.semnal.research.learn.Classifier;
import io.semnal.research.learn.Parameters;
import io.semnal.research.learn.Rows;

/**
 * A model as it came out of training.
 *
 * @param trials sets of parameters that were tried
 * @param fits that the search took
 * @param gain by how much the log loss lay below the base rate's over the folds; NaN without search
 * @param base shares of the classes in the fitted rows
 * @param fitted the rows that it was fitted on
 * @param calibrated rows that the temperature was fitted on
 * @param seenUntil when the last label was decided that anything was chosen by
 * @param report on the held-out rows
 */
public record Trained(
    Classifier classifier,
    double temperature,
    byte[] onnx,
    Parameters parameters,
    int trials,
    int fits,
    double gain,
    double[] base,
    Rows fitted,
    int calibrated,
    long seenUntil,
    Parity.Result parity,
    Report report,
    LabelShuffles.Result shuffles) {}
