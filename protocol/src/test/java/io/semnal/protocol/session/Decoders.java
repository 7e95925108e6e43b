package io.semnal.protocol.session;

import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.AuthenticateDecoder;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.ChallengeDecoder;
import io.semnal.protocol.sbe.ClockDecoder;
import io.semnal.protocol.sbe.CommandResultDecoder;
import io.semnal.protocol.sbe.ConflatedDecoder;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.ConflatedSubscribeDecoder;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.DefineSourceDecoder;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeatureSetDefinitionDecoder;
import io.semnal.protocol.sbe.FeedAckDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.FeedStatusDecoder;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.HelloDecoder;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.ReplayEndDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.ShutdownDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SlowWarningDecoder;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import io.semnal.protocol.sbe.SubscribeDecoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.sbe.TimeSyncDecoder;
import io.semnal.protocol.sbe.UnsubscribeDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.sbe.MessageDecoderFlyweight;

/** A generated decoder for each template of the schema. */
final class Decoders {
  private static final Map<Integer, Supplier<MessageDecoderFlyweight>> BY_TEMPLATE =
      Map.ofEntries(
          Map.entry(RunHeaderDecoder.TEMPLATE_ID, RunHeaderDecoder::new),
          Map.entry(DefineInstrumentDecoder.TEMPLATE_ID, DefineInstrumentDecoder::new),
          Map.entry(QuoteDecoder.TEMPLATE_ID, QuoteDecoder::new),
          Map.entry(ConflatedQuoteDecoder.TEMPLATE_ID, ConflatedQuoteDecoder::new),
          Map.entry(HistoricalBarDecoder.TEMPLATE_ID, HistoricalBarDecoder::new),
          Map.entry(ClockDecoder.TEMPLATE_ID, ClockDecoder::new),
          Map.entry(FeedStatusDecoder.TEMPLATE_ID, FeedStatusDecoder::new),
          Map.entry(ModelActivationDecoder.TEMPLATE_ID, ModelActivationDecoder::new),
          Map.entry(EngineCommandDecoder.TEMPLATE_ID, EngineCommandDecoder::new),
          Map.entry(DefineSourceDecoder.TEMPLATE_ID, DefineSourceDecoder::new),
          Map.entry(InstrumentDefinitionDecoder.TEMPLATE_ID, InstrumentDefinitionDecoder::new),
          Map.entry(StrategyDefinitionDecoder.TEMPLATE_ID, StrategyDefinitionDecoder::new),
          Map.entry(ModelDefinitionDecoder.TEMPLATE_ID, ModelDefinitionDecoder::new),
          Map.entry(FeatureSetDefinitionDecoder.TEMPLATE_ID, FeatureSetDefinitionDecoder::new),
          Map.entry(BarDecoder.TEMPLATE_ID, BarDecoder::new),
          Map.entry(ScoreDecoder.TEMPLATE_ID, ScoreDecoder::new),
          Map.entry(SignalDecoder.TEMPLATE_ID, SignalDecoder::new),
          Map.entry(SignalEventDecoder.TEMPLATE_ID, SignalEventDecoder::new),
          Map.entry(FeedQualityDecoder.TEMPLATE_ID, FeedQualityDecoder::new),
          Map.entry(DiscontinuityDecoder.TEMPLATE_ID, DiscontinuityDecoder::new),
          Map.entry(EngineStatusDecoder.TEMPLATE_ID, EngineStatusDecoder::new),
          Map.entry(HelloDecoder.TEMPLATE_ID, HelloDecoder::new),
          Map.entry(ChallengeDecoder.TEMPLATE_ID, ChallengeDecoder::new),
          Map.entry(AuthenticateDecoder.TEMPLATE_ID, AuthenticateDecoder::new),
          Map.entry(AcceptedDecoder.TEMPLATE_ID, AcceptedDecoder::new),
          Map.entry(RejectedDecoder.TEMPLATE_ID, RejectedDecoder::new),
          Map.entry(SubscribeDecoder.TEMPLATE_ID, SubscribeDecoder::new),
          Map.entry(SubscribedDecoder.TEMPLATE_ID, SubscribedDecoder::new),
          Map.entry(UnsubscribeDecoder.TEMPLATE_ID, UnsubscribeDecoder::new),
          Map.entry(SnapshotBeginDecoder.TEMPLATE_ID, SnapshotBeginDecoder::new),
          Map.entry(SnapshotEndDecoder.TEMPLATE_ID, SnapshotEndDecoder::new),
          Map.entry(ReplayBeginDecoder.TEMPLATE_ID, ReplayBeginDecoder::new),
          Map.entry(ReplayEndDecoder.TEMPLATE_ID, ReplayEndDecoder::new),
          Map.entry(HeartbeatDecoder.TEMPLATE_ID, HeartbeatDecoder::new),
          Map.entry(ConflatedDecoder.TEMPLATE_ID, ConflatedDecoder::new),
          Map.entry(TimeSyncDecoder.TEMPLATE_ID, TimeSyncDecoder::new),
          Map.entry(FeedAckDecoder.TEMPLATE_ID, FeedAckDecoder::new),
          Map.entry(SessionErrorDecoder.TEMPLATE_ID, SessionErrorDecoder::new),
          Map.entry(ShutdownDecoder.TEMPLATE_ID, ShutdownDecoder::new),
          Map.entry(ViewerQuoteDecoder.TEMPLATE_ID, ViewerQuoteDecoder::new),
          Map.entry(CommandResultDecoder.TEMPLATE_ID, CommandResultDecoder::new),
          Map.entry(ConflatedSubscribeDecoder.TEMPLATE_ID, ConflatedSubscribeDecoder::new),
          Map.entry(SlowWarningDecoder.TEMPLATE_ID, SlowWarningDecoder::new));

  private Decoders() {}

  static MessageDecoderFlyweight of(int template) {
    return BY_TEMPLATE.get(template).get();
  }
}
