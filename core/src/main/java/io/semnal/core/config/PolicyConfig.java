package io.semnal.core.config;

/**
 * How scores become signals, and how signals live.
 *
 * @param buyThreshold least probability of BUY, 0 to 1; for a regression the least rise in ATRs,
 *     which may be more
 * @param sellThreshold least probability of SELL, or least fall, likewise
 * @param margin least lead of the chosen side over the other side
 * @param cooldownBars bars of the strategy's timeframe after a signal's end in which none is opened
 * @param maxSpreadPips widest spread at which a signal is opened
 * @param stopAtr stop loss distance from entry in ATRs
 * @param targetAtr take profit distance from entry in ATRs
 * @param atrPeriod bars of the ATR that scales them
 * @param horizonBars life in bars of the strategy's timeframe, counted in market-open time
 * @param maxSlippageAtr furthest that the entry quote may lie from the published entry, in ATRs
 * @param commissionPips per round trip, taken off every outcome
 * @param publishNeutral whether a NEUTRAL is published when the favoured side goes away
 * @param allowLabelMismatch whether a model trained on another policy's labels may be bound
 */
public record PolicyConfig(
    double buyThreshold,
    double sellThreshold,
    double margin,
    int cooldownBars,
    double maxSpreadPips,
    double stopAtr,
    double targetAtr,
    int atrPeriod,
    int horizonBars,
    double maxSlippageAtr,
    double commissionPips,
    boolean publishNeutral,
    boolean allowLabelMismatch) {}
