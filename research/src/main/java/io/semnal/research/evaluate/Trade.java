package io.semnal.research.evaluate;

import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MarketSession;

/**
 * A signal that was entered and has ended.
 *
 * @param place position of its instrument
 * @param strength probability of its side when it was decided
 * @param decided UTC nanoseconds, as {@code ended}
 * @param pips after spread and commission
 * @param session in which it was decided
 */
public record Trade(
    int place,
    boolean buy,
    double strength,
    long decided,
    long ended,
    double pips,
    EndReason reason,
    MarketSession session) {}
