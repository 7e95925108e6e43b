package io.semnal.protocol;

import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.FeatureSetDefinitionDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;

/** What a client can subscribe to. The ordinal is the bit in the schema's {@code Channels} set. */
public enum Channel {
  SIGNALS,
  SCORES,
  BARS,
  QUOTES,
  STATUS;

  /** Pseudo-channel of definitions, which every session receives. */
  public static final int DEFINITIONS = 8;

  public int bit() {
    return 1 << ordinal();
  }

  /** The name on the command line and in JSON. */
  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The channel index of an outbound template: an ordinal of this enum, {@link #DEFINITIONS}, or -1
   * for a template that this version does not know.
   */
  public static int of(int templateId) {
    return switch (templateId) {
      case SignalDecoder.TEMPLATE_ID, SignalEventDecoder.TEMPLATE_ID -> 0;
      case ScoreDecoder.TEMPLATE_ID -> 1;
      case BarDecoder.TEMPLATE_ID -> 2;
      case FeedQualityDecoder.TEMPLATE_ID,
          DiscontinuityDecoder.TEMPLATE_ID,
          EngineStatusDecoder.TEMPLATE_ID ->
          4;
      case InstrumentDefinitionDecoder.TEMPLATE_ID,
          StrategyDefinitionDecoder.TEMPLATE_ID,
          ModelDefinitionDecoder.TEMPLATE_ID,
          FeatureSetDefinitionDecoder.TEMPLATE_ID ->
          DEFINITIONS;
      default -> -1;
    };
  }
}
