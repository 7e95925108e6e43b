package io.semnal.client;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Copies each message into a {@link Published}. One thread. */
final class PublishedCopy implements StreamListener {
  private static final long SECOND = 1_000_000_000L;

  private final Consumer<Published> to;
  private final ConnectionListener connection;

  PublishedCopy(Consumer<Published> to, ConnectionListener connection) {
    this.to = to;
    this.connection = connection;
  }

  private static Instant instant(long nanos) {
    return nanos == MessageLayout.ABSENT
        ? null
        : Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
  }

  @Override
  public void onSignal(SignalDecoder s, Arrival a) {
    to.accept(
        new Published.Signal(
            s.outSeq(),
            instant(s.time()),
            a.instrument(s.instrumentId()),
            a.isReplay(),
            Duration.ofSeconds(s.timeframe()),
            a.strategy(s.strategyId()),
            a.model(s.modelId()),
            s.signalType(),
            s.strength(),
            a.price(s.entry()),
            a.price(s.stopLoss()),
            a.price(s.takeProfit()),
            instant(s.expiration())));
  }

  @Override
  public void onSignalEvent(SignalEventDecoder e, Arrival a) {
    to.accept(
        new Published.Event(
            e.outSeq(),
            instant(e.time()),
            a.instrument(e.instrumentId()),
            a.isReplay(),
            Duration.ofSeconds(e.timeframe()),
            a.strategy(e.strategyId()),
            e.signalId(),
            e.signalType(),
            e.state(),
            e.reason(),
            a.price(e.price()),
            e.pips()));
  }

  @Override
  public void onScore(ScoreDecoder s, Arrival a) {
    to.accept(
        new Published.Score(
            s.outSeq(),
            instant(s.time()),
            a.instrument(s.instrumentId()),
            a.isReplay(),
            Duration.ofSeconds(s.timeframe()),
            a.strategy(s.strategyId()),
            a.model(s.modelId()),
            s.buy(),
            s.sell(),
            s.neutral(),
            s.output(),
            s.reason()));
  }

  @Override
  public void onBar(BarDecoder b, Arrival a) {
    to.accept(
        new Published.Bar(
            b.outSeq(),
            instant(b.time()),
            a.instrument(b.instrumentId()),
            a.isReplay(),
            Duration.ofSeconds(b.timeframe()),
            instant(b.openTime()),
            instant(b.closeTime()),
            new Published.Ohlc(
                a.price(b.bidOpen()),
                a.price(b.bidHigh()),
                a.price(b.bidLow()),
                a.price(b.bidClose())),
            new Published.Ohlc(
                a.price(b.askOpen()),
                a.price(b.askHigh()),
                a.price(b.askLow()),
                a.price(b.askClose())),
            b.ticks()));
  }

  @Override
  public void onQuote(ViewerQuoteDecoder q, Arrival a) {
    to.accept(
        new Published.Quote(
            0,
            instant(q.time()),
            a.instrument(q.instrumentId()),
            false,
            instant(q.eventTime()),
            a.price(q.bid()),
            a.price(q.ask())));
  }

  @Override
  public void onFeedQuality(FeedQualityDecoder q, Arrival a) {
    to.accept(
        new Published.Status(
            q.outSeq(),
            instant(q.time()),
            a.instrument(q.instrumentId()),
            a.isReplay(),
            q.state().name(),
            q.reason()));
  }

  @Override
  public void onEngineStatus(EngineStatusDecoder s, Arrival a) {
    to.accept(
        new Published.Status(
            s.outSeq(),
            instant(s.time()),
            a.instrument(s.instrumentId()),
            a.isReplay(),
            s.state().name(),
            s.reason()));
  }

  @Override
  public void onDiscontinuity(DiscontinuityDecoder d, Arrival a) {
    to.accept(
        new Published.Status(
            d.outSeq(), instant(d.time()), "", a.isReplay(), "DISCONTINUITY", d.reason()));
  }

  @Override
  public void onConnected(io.semnal.protocol.session.SessionTerms terms) {
    connection.onConnected(terms);
  }

  @Override
  public void onDisconnected(String why) {
    connection.onDisconnected(why);
  }

  @Override
  public void onError(ServerError error) {
    connection.onError(error);
  }

  @Override
  public void onGap(
      int channel, int instrumentId, int timeframe, int strategyId, long first, long last) {
    connection.onGap(channel, instrumentId, timeframe, strategyId, first, last);
  }
}
