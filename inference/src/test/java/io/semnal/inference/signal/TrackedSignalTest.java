package io.semnal.inference.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import org.junit.jupiter.api.Test;

class TrackedSignalTest {
  private final TrackedSignal signal = new TrackedSignal();
  private final MarketQuote quote = new MarketQuote();

  private void buy() {
    signal.open(SignalType.BUY, 1000, 900, 1200, 50, Long.MAX_VALUE);
  }

  private void sell() {
    signal.open(SignalType.SELL, 1000, 1100, 800, 50, Long.MAX_VALUE);
  }

  private boolean at(long bid, long ask) {
    return signal.onQuote(quote.set(0, 0, bid, ask), false);
  }

  @Test
  void aBuyEntersAtTheAskAndLeavesAtTheBid() {
    buy();
    assertThat(at(990, 1010)).isTrue();
    assertThat(signal.price()).isEqualTo(1010);
    assertThat(at(901, 921)).isFalse();
    assertThat(at(880, 900)).isTrue();
    assertThat(signal.reason()).isEqualTo(EndReason.STOP);
    assertThat(signal.price()).isEqualTo(880);
    assertThat(signal.pips(10, 0.5)).isCloseTo(-13.5, within(1e-12));
  }

  @Test
  void aSellEntersAtTheBidAndLeavesAtTheAsk() {
    sell();
    assertThat(at(990, 1010)).isTrue();
    assertThat(signal.price()).isEqualTo(990);
    assertThat(at(781, 801)).isFalse();
    assertThat(at(700, 720)).isTrue();
    assertThat(signal.reason()).isEqualTo(EndReason.TARGET);
    assertThat(signal.price()).isEqualTo(800);
    assertThat(signal.pips(10, 0)).isCloseTo(19, within(1e-12));
  }

  @Test
  void theStopCountsWhereOneQuoteCrossesBoth() {
    buy();
    at(990, 1010);
    quote.set(0, 0, 1000, 1020).range(890, 1250, 910, 1270);
    assertThat(signal.onQuote(quote, false)).isTrue();
    assertThat(signal.reason()).isEqualTo(EndReason.STOP);
    assertThat(signal.price()).isEqualTo(890);
    sell();
    at(990, 1010);
    quote.set(0, 0, 1000, 1020).range(750, 1090, 770, 1110);
    assertThat(signal.onQuote(quote, false)).isTrue();
    assertThat(signal.reason()).isEqualTo(EndReason.STOP);
    assertThat(signal.price()).isEqualTo(1110);
  }

  @Test
  void whatLiesBeforeTheEntryDoesNotEndIt() {
    buy();
    quote.set(0, 0, 990, 1010).range(100, 5000, 120, 5020);
    signal.onQuote(quote, false);
    assertThat(signal.state()).isEqualTo(SignalState.ACTIVE);
  }

  @Test
  void aStopAfterAGapSaysSoAndATargetDoesNot() {
    buy();
    at(990, 1010);
    signal.onQuote(quote.set(0, 0, 500, 520), true);
    assertThat(signal.reason()).isEqualTo(EndReason.GAP);
    assertThat(signal.price()).isEqualTo(500);
    buy();
    at(990, 1010);
    signal.onQuote(quote.set(0, 0, 1500, 1520), true);
    assertThat(signal.reason()).isEqualTo(EndReason.TARGET);
    assertThat(signal.price()).isEqualTo(1200);
  }

  @Test
  void anEntryThroughALevelOrTooFarIsInvalidated() {
    buy();
    at(900, 1000);
    assertInvalidated(EndReason.PRICE_BEYOND_STOP);
    buy();
    at(1180, 1200);
    assertInvalidated(EndReason.PRICE_BEYOND_TARGET);
    buy();
    at(1031, 1051);
    assertInvalidated(EndReason.SLIPPAGE);
    buy();
    at(1030, 1050);
    assertThat(signal.state()).isEqualTo(SignalState.ACTIVE);
    sell();
    at(1000, 1100);
    assertInvalidated(EndReason.PRICE_BEYOND_STOP);
    sell();
    at(800, 820);
    assertInvalidated(EndReason.PRICE_BEYOND_TARGET);
    sell();
    at(949, 969);
    assertInvalidated(EndReason.SLIPPAGE);
  }

  private void assertInvalidated(EndReason reason) {
    assertThat(signal.state()).isEqualTo(SignalState.INVALIDATED);
    assertThat(signal.reason()).isEqualTo(reason);
    assertThat(signal.isOpen()).isFalse();
    assertThat(signal.pips(10, 0)).isNaN();
  }

  @Test
  void anEndedSignalMovesNoMore() {
    buy();
    at(990, 1010);
    at(880, 900);
    assertThat(at(1500, 1510)).isFalse();
    assertThat(signal.price()).isEqualTo(880);
  }

  @Test
  void aPendingOneEndsWithoutPriceAndAnActiveOneAtTheOtherSide() {
    buy();
    signal.end(EndReason.EXPIRED, 990, 1010);
    assertThat(signal.price()).isEqualTo(MessageLayout.ABSENT);
    assertThat(signal.pips(10, 0)).isNaN();
    sell();
    at(990, 1010);
    signal.end(EndReason.FLIPPED, 980, 1000);
    assertThat(signal.price()).isEqualTo(1000);
    assertThat(signal.pips(10, 0)).isCloseTo(-1, within(1e-12));
  }
}
