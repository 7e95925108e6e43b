package io.semnal.research.sample;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.inference.signal.LabelPolicy;
import io.semnal.inference.signal.TrackedSignal;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.SignalType;
import java.util.Locale;

/** What makes a row a BUY, a SELL or neither, by the lives of the two signals it could cause. */
public sealed interface LabelRule {
  /** Distances, horizon, slippage and costs. */
  PolicyConfig policy();

  /** Canonical text for a model's card. */
  String text(Timeframe timeframe);

  /** Begins a life at the quote that stands. */
  void open(
      TrackedSignal signal,
      SignalType side,
      long bid,
      long ask,
      double atr,
      long step,
      long expiration);

  /**
   * Whether an ended life makes its side the row's label.
   *
   * @param pips after spread and commission
   * @param atrPips the row's ATR in pips
   */
  boolean wins(TrackedSignal ended, double pips, double atrPips);

  /**
   * Stop loss, take profit and horizon of a policy: a side is the label if it reached its target
   * first, and that paid its commission.
   */
  record TripleBarrier(PolicyConfig policy) implements LabelRule {
    @Override
    public String text(Timeframe timeframe) {
      return LabelPolicy.text(policy, timeframe);
    }

    @Override
    public void open(
        TrackedSignal signal,
        SignalType side,
        long bid,
        long ask,
        double atr,
        long step,
        long expiration) {
      signal.open(side, policy, bid, ask, atr, step, expiration);
    }

    @Override
    public boolean wins(TrackedSignal ended, double pips, double atrPips) {
      return ended.reason() == EndReason.TARGET && pips > 0;
    }
  }

  /**
   * The horizon alone: a side is the label if it stood at least so many ATRs above its entry when
   * the horizon ended, after spread and commission.
   *
   * @param leastAtr 0 or more
   */
  record FixedHorizon(PolicyConfig policy, double leastAtr) implements LabelRule {
    private static final double MANTISSA = 1e8;
    private static final long UNREACHED = Long.MAX_VALUE / 4;

    public FixedHorizon {
      if (!(leastAtr >= 0)) {
        throw new IllegalArgumentException("the least gain must be 0 ATRs or more: " + leastAtr);
      }
    }

    @Override
    public String text(Timeframe timeframe) {
      return LabelPolicy.horizonText(policy, timeframe, leastAtr);
    }

    @Override
    public void open(
        TrackedSignal signal,
        SignalType side,
        long bid,
        long ask,
        double atr,
        long step,
        long expiration) {
      boolean buy = side == SignalType.BUY;
      long slippage = Math.round(policy.maxSlippageAtr() * atr * MANTISSA);
      signal.open(
          side, buy ? ask : bid, buy ? 0 : UNREACHED, buy ? UNREACHED : 0, slippage, expiration);
    }

    @Override
    public boolean wins(TrackedSignal ended, double pips, double atrPips) {
      return pips > 0 && pips >= leastAtr * atrPips;
    }
  }

  /**
   * Reads {@code barrier(stop=2, target=3, horizon=30, atr=14, slippage=0.5, commission=0.2)} or
   * {@code horizon(bars=24, least=0.5)}; what is not said is as in {@code defaults}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static LabelRule parse(String text, PolicyConfig defaults) {
    return new LabelText(text.trim().toLowerCase(Locale.ROOT), defaults).read();
  }
}
