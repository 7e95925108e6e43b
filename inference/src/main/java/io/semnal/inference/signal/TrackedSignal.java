package io.semnal.inference.signal;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;

/**
 * The life of one signal after its publication: pending, active, ended. Levels never move; what it
 * does depends on its levels and on the quotes it is shown, and on nothing else.
 *
 * <p>A BUY is entered at the ask and left at the bid, a SELL the other way round. A stop leaves at
 * the price of the quote that crossed it, a target at its level; where one quote crosses both, the
 * stop counts. Mutable and reused; one thread.
 */
public final class TrackedSignal implements Stateful {
  private long id;
  private SignalType type = SignalType.NEUTRAL;
  private SignalState state = SignalState.ENDED;
  private EndReason reason = EndReason.NONE;
  private MarketSession session = MarketSession.CLOSED;
  private long entry;
  private long stop;
  private long target;
  private long expiration;
  private long slippageLimit;
  private double strength;
  private int modelId;
  private int repeats;
  private long fill = MessageLayout.ABSENT;
  private long price = MessageLayout.ABSENT;

  /**
   * Begins a life as PENDING.
   *
   * @param slippageLimit furthest that the fill may lie from {@code entry}, a price difference
   * @param expiration engine time at which it ends if nothing else ends it
   */
  public void open(
      SignalType type, long entry, long stop, long target, long slippageLimit, long expiration) {
    id = 0;
    this.type = type;
    this.entry = entry;
    this.stop = stop;
    this.target = target;
    this.slippageLimit = slippageLimit;
    this.expiration = expiration;
    state = SignalState.PENDING;
    reason = EndReason.NONE;
    repeats = 0;
    fill = MessageLayout.ABSENT;
    price = MessageLayout.ABSENT;
  }

  /**
   * Begins a life as a policy says it, at the quote that stands: a BUY's entry is the ask, a SELL's
   * the bid.
   *
   * @param atr in price units, not a mantissa
   * @param step of the instrument's price grid
   */
  public void open(
      SignalType type,
      PolicyConfig policy,
      long bid,
      long ask,
      double atr,
      long step,
      long expiration) {
    boolean buy = type == SignalType.BUY;
    long from = buy ? ask : bid;
    double below = buy ? policy.stopAtr() : policy.targetAtr();
    double above = buy ? policy.targetAtr() : policy.stopAtr();
    long low = Levels.below(from, below, atr, step);
    long high = Levels.above(from, above, atr, step);
    long stopLoss = buy ? low : high;
    open(
        type,
        from,
        stopLoss,
        buy ? high : low,
        Levels.slippageLimit(policy, from, stopLoss),
        expiration);
  }

  /** It was published under this id. */
  public void identify(long id) {
    this.id = id;
  }

  /** Who is to be credited with the outcome. */
  public void credit(int modelId, double strength, MarketSession session) {
    this.modelId = modelId;
    this.strength = strength;
    this.session = session;
  }

  /** Takes over a life that an earlier run began; the slippage limit is this run's. */
  public void resume(TrackedSignal earlier, long slippageLimit) {
    open(
        earlier.type,
        earlier.entry,
        earlier.stop,
        earlier.target,
        slippageLimit,
        earlier.expiration);
    credit(earlier.modelId, earlier.strength, earlier.session);
    id = earlier.id;
    state = earlier.state;
    reason = earlier.reason;
    repeats = earlier.repeats;
    fill = earlier.fill;
    price = earlier.price;
  }

  /** Takes an entry over from an earlier run's event. */
  public void resumeActive(long fill) {
    this.fill = fill;
    this.price = fill;
    state = SignalState.ACTIVE;
  }

  /**
   * Shows the signal an unflagged quote.
   *
   * @param afterGap whether it is the first after the feed was down or the market closed: a stop
   *     that it crosses ends as GAP
   * @return whether the state changed; {@link #state}, {@link #reason} and {@link #price} say how
   */
  public boolean onQuote(MarketQuote quote, boolean afterGap) {
    return switch (state) {
      case PENDING -> {
        enter(quote);
        yield true;
      }
      case ACTIVE -> leave(quote, afterGap);
      default -> false;
    };
  }

  /** The extremes of a conflated quote may lie before the entry, so only its last prices enter. */
  private void enter(MarketQuote quote) {
    boolean buy = isBuy();
    price = buy ? quote.ask : quote.bid;
    if (buy ? quote.bid <= stop : quote.ask >= stop) {
      end(SignalState.INVALIDATED, EndReason.PRICE_BEYOND_STOP);
    } else if (buy ? price >= target : price <= target) {
      end(SignalState.INVALIDATED, EndReason.PRICE_BEYOND_TARGET);
    } else if (Math.abs(price - entry) > slippageLimit) {
      end(SignalState.INVALIDATED, EndReason.SLIPPAGE);
    } else {
      fill = price;
      state = SignalState.ACTIVE;
    }
  }

  private boolean leave(MarketQuote quote, boolean afterGap) {
    boolean buy = isBuy();
    if (buy ? quote.bidLow <= stop : quote.askHigh >= stop) {
      price = buy ? quote.bidLow : quote.askHigh;
      end(SignalState.ENDED, afterGap ? EndReason.GAP : EndReason.STOP);
      return true;
    }
    if (buy ? quote.bidHigh >= target : quote.askLow <= target) {
      price = target;
      end(SignalState.ENDED, EndReason.TARGET);
      return true;
    }
    return false;
  }

  /**
   * Ends it for a reason that is not a price: expired, flipped, cancelled. An active one leaves at
   * these prices; a pending one was never entered, so it ends without price or outcome.
   */
  public void end(EndReason why, long bid, long ask) {
    price = isActive() ? (isBuy() ? bid : ask) : MessageLayout.ABSENT;
    end(SignalState.ENDED, why);
  }

  private void end(SignalState how, EndReason why) {
    state = how;
    reason = why;
  }

  /** Counts a same-side score that came while it was open. */
  public void repeated() {
    repeats++;
  }

  @Override
  public void state(StateVisitor s) {
    id = s.of(id);
    type = s.of(type);
    state = s.of(state);
    reason = s.of(reason);
    session = s.of(session);
    entry = s.of(entry);
    stop = s.of(stop);
    target = s.of(target);
    expiration = s.of(expiration);
    slippageLimit = s.of(slippageLimit);
    strength = s.of(strength);
    modelId = s.of(modelId);
    repeats = s.of(repeats);
    fill = s.of(fill);
    price = s.of(price);
  }

  public boolean isOpen() {
    return state == SignalState.PENDING || state == SignalState.ACTIVE;
  }

  private boolean isActive() {
    return state == SignalState.ACTIVE;
  }

  private boolean isBuy() {
    return type == SignalType.BUY;
  }

  /** Profit in pips of an ended signal after spread and commission; NaN if it never was active. */
  public double pips(long pip, double commissionPips) {
    if (state != SignalState.ENDED
        || fill == MessageLayout.ABSENT
        || price == MessageLayout.ABSENT) {
      return Double.NaN;
    }
    return (double) (isBuy() ? price - fill : fill - price) / pip - commissionPips;
  }

  public long id() {
    return id;
  }

  public SignalType type() {
    return type;
  }

  public SignalState state() {
    return state;
  }

  public EndReason reason() {
    return reason;
  }

  public MarketSession session() {
    return session;
  }

  public long entry() {
    return entry;
  }

  public long stop() {
    return stop;
  }

  public long target() {
    return target;
  }

  public long expiration() {
    return expiration;
  }

  public double strength() {
    return strength;
  }

  public int modelId() {
    return modelId;
  }

  public int repeats() {
    return repeats;
  }

  /** Price that it was entered at; absent before. */
  public long fill() {
    return fill;
  }

  /** Price of the last change: the entry on ACTIVE, the exit on ENDED; absent before. */
  public long price() {
    return price;
  }
}
