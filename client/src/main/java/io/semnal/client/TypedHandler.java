package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.ConflatedDecoder;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.ReplayEndDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.ShutdownDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SlowWarningDecoder;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import io.semnal.protocol.session.SessionTerms;
import org.agrona.DirectBuffer;

/** Sorts messages by kind for a {@link StreamListener}; one decoder of each kind. One thread. */
final class TypedHandler implements ClientHandler {
  private final StreamListener listener;
  private final Arrival arrival = new Arrival();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final ScoreDecoder score = new ScoreDecoder();
  private final BarDecoder bar = new BarDecoder();
  private final ViewerQuoteDecoder quote = new ViewerQuoteDecoder();
  private final FeedQualityDecoder quality = new FeedQualityDecoder();
  private final EngineStatusDecoder status = new EngineStatusDecoder();
  private final DiscontinuityDecoder discontinuity = new DiscontinuityDecoder();
  private final ConflatedDecoder conflated = new ConflatedDecoder();
  private final SlowWarningDecoder slow = new SlowWarningDecoder();
  private final ShutdownDecoder shutdown = new ShutdownDecoder();
  private final ReplayEndDecoder replayEnd = new ReplayEndDecoder();
  private final InstrumentDefinitionDecoder instrument = new InstrumentDefinitionDecoder();
  private final StrategyDefinitionDecoder strategy = new StrategyDefinitionDecoder();
  private final ModelDefinitionDecoder model = new ModelDefinitionDecoder();
  private int leftOutChannels;
  private int leftOutInstrument;
  private int leftOutTimeframe;
  private int leftOutStrategy;

  TypedHandler(StreamListener listener) {
    this.listener = listener;
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) {
    int template = MessageLayout.templateId(buffer, offset);
    if (template == ViewerQuoteDecoder.TEMPLATE_ID) {
      quote.wrapAndApplyHeader(buffer, offset, header);
      arrival.conflated = followsConflated(Channel.QUOTES.bit(), quote.instrumentId(), 0, 0);
      listener.onQuote(quote, arrival);
    } else if (MessageLayout.isOutbound(template)) {
      arrival.conflated =
          leftOutChannels != 0
              && template == ScoreDecoder.TEMPLATE_ID
              && followsConflated(
                  Channel.SCORES.bit(),
                  MessageLayout.instrumentId(buffer, offset),
                  MessageLayout.timeframe(buffer, offset),
                  MessageLayout.strategyId(buffer, offset));
      published(template, buffer, offset);
    } else {
      session(template, buffer, offset);
    }
  }

  /** Conflated comes right before its topic's next message. */
  private boolean followsConflated(int channel, int instrumentId, int timeframe, int strategyId) {
    boolean follows =
        (leftOutChannels & channel) != 0
            && leftOutInstrument == instrumentId
            && leftOutTimeframe == timeframe
            && leftOutStrategy == strategyId;
    if (follows) {
      leftOutChannels = 0;
    }
    return follows;
  }

  private void published(int template, DirectBuffer buffer, int offset) {
    switch (template) {
      case SignalDecoder.TEMPLATE_ID ->
          listener.onSignal(signal.wrapAndApplyHeader(buffer, offset, header), arrival);
      case SignalEventDecoder.TEMPLATE_ID ->
          listener.onSignalEvent(event.wrapAndApplyHeader(buffer, offset, header), arrival);
      case ScoreDecoder.TEMPLATE_ID ->
          listener.onScore(score.wrapAndApplyHeader(buffer, offset, header), arrival);
      case BarDecoder.TEMPLATE_ID ->
          listener.onBar(bar.wrapAndApplyHeader(buffer, offset, header), arrival);
      case FeedQualityDecoder.TEMPLATE_ID ->
          listener.onFeedQuality(quality.wrapAndApplyHeader(buffer, offset, header), arrival);
      case EngineStatusDecoder.TEMPLATE_ID ->
          listener.onEngineStatus(status.wrapAndApplyHeader(buffer, offset, header), arrival);
      case DiscontinuityDecoder.TEMPLATE_ID ->
          listener.onDiscontinuity(
              discontinuity.wrapAndApplyHeader(buffer, offset, header), arrival);
      default -> definition(template, buffer, offset);
    }
  }

  private void definition(int template, DirectBuffer buffer, int offset) {
    switch (template) {
      case InstrumentDefinitionDecoder.TEMPLATE_ID -> {
        instrument.wrapAndApplyHeader(buffer, offset, header);
        arrival.instrument(
            instrument.instrumentId(), instrument.symbol(), instrument.priceDecimals());
      }
      case StrategyDefinitionDecoder.TEMPLATE_ID -> {
        strategy.wrapAndApplyHeader(buffer, offset, header);
        arrival.strategy(strategy.strategyId(), strategy.name());
      }
      case ModelDefinitionDecoder.TEMPLATE_ID -> {
        model.wrapAndApplyHeader(buffer, offset, header);
        arrival.model(model.modelId(), model.name() + "@" + model.version());
      }
      default -> {
        // Columns of feature sets, and what a newer server may publish.
      }
    }
  }

  private void session(int template, DirectBuffer buffer, int offset) {
    switch (template) {
      case ReplayBeginDecoder.TEMPLATE_ID -> arrival.replay = true;
      case ReplayEndDecoder.TEMPLATE_ID -> {
        arrival.replay = false;
        replayEnd.wrapAndApplyHeader(buffer, offset, header).requestId();
        listener.onLive(replayEnd.lastOutSeq());
      }
      case SnapshotBeginDecoder.TEMPLATE_ID -> {
        arrival.replay = false;
        arrival.snapshot = true;
      }
      case SnapshotEndDecoder.TEMPLATE_ID -> arrival.snapshot = false;
      case ConflatedDecoder.TEMPLATE_ID -> {
        conflated.wrapAndApplyHeader(buffer, offset, header);
        leftOutChannels = conflated.channels().getRaw();
        leftOutInstrument = conflated.instrumentId();
        leftOutTimeframe = conflated.timeframe();
        leftOutStrategy = conflated.strategyId();
        arrival.conflated = false;
        listener.onConflated(conflated, arrival);
      }
      case SlowWarningDecoder.TEMPLATE_ID ->
          listener.onSlow(slow.wrapAndApplyHeader(buffer, offset, header));
      case ShutdownDecoder.TEMPLATE_ID -> {
        shutdown.wrapAndApplyHeader(buffer, offset, header);
        listener.onShutdown(shutdown.deadline(), shutdown.reason());
      }
      case SessionErrorDecoder.TEMPLATE_ID -> {
        // Told by onError.
      }
      default -> {
        // Answers to requests.
      }
    }
  }

  @Override
  public void onConnected(SessionTerms terms) {
    arrival.replay = false;
    arrival.snapshot = false;
    leftOutChannels = 0;
    listener.onConnected(terms);
  }

  @Override
  public void onDisconnected(String why) {
    listener.onDisconnected(why);
  }

  @Override
  public void onError(ServerError error) {
    listener.onError(error);
  }

  @Override
  public void onGap(
      int channel, int instrumentId, int timeframe, int strategyId, long first, long last) {
    listener.onGap(channel, instrumentId, timeframe, strategyId, first, last);
  }
}
