package io.semnal.inference.drift;

/**
 * How far one feature or score lies from training.
 *
 * @param name a column of the card, or {@code score.} and a class
 * @param psi population stability index; NaN while there are too few values
 * @param missing share of rows without it
 * @param missingInTraining the same then
 * @param outOfRange share of rows far beyond training's first or last decile: by more than three
 *     times the distance between these two
 */
public record ColumnDrift(
    String name, double psi, double missing, double missingInTraining, double outOfRange) {}
