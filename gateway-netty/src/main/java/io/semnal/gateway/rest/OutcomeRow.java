package io.semnal.gateway.rest;

/**
 * What became of the signals of one model, instrument, timeframe and session of the day, since the
 * engine began to count.
 *
 * @param timeframe seconds
 * @param wins outcomes above zero
 * @param pips sum, after spread and commission
 * @param profitFactor gross profit over gross loss; NaN or infinite without a loss
 * @param brierScore mean squared error of the stated probability; NaN where none was stated
 */
public record OutcomeRow(
    int modelId,
    int instrumentId,
    int timeframe,
    String session,
    long count,
    long wins,
    double pips,
    double profitFactor,
    double brierScore) {}
