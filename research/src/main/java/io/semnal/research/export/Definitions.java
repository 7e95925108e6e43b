package io.semnal.research.export;

import io.semnal.journal.JournalState;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.DefineSourceDecoder;
import io.semnal.protocol.sbe.FeatureSetDefinitionDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import java.util.HashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/** What the ids of a journal stand for, as far as one of its queues was read. */
public final class Definitions {
  /**
   * @param decimals that prices are shown with
   */
  public record InstrumentName(String symbol, int decimals) {}

  private static final InstrumentName UNKNOWN = new InstrumentName("?", 0);
  private final Int2ObjectHashMap<InstrumentName> instruments = new Int2ObjectHashMap<>();
  private final Map<Integer, String> strategies = new HashMap<>();
  private final Map<Integer, String> models = new HashMap<>();
  private final Map<Integer, String> featureSets = new HashMap<>();
  private final Int2ObjectHashMap<String> sources = new Int2ObjectHashMap<>();
  private final DefineInstrumentDecoder inbound = new DefineInstrumentDecoder();
  private final DefineSourceDecoder source = new DefineSourceDecoder();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final InstrumentDefinitionDecoder instrument = new InstrumentDefinitionDecoder();
  private final StrategyDefinitionDecoder strategy = new StrategyDefinitionDecoder();
  private final ModelDefinitionDecoder model = new ModelDefinitionDecoder();
  private final FeatureSetDefinitionDecoder featureSet = new FeatureSetDefinitionDecoder();

  /** Whether messages of this template define something. */
  public static boolean defines(int templateId) {
    return templateId >= InstrumentDefinitionDecoder.TEMPLATE_ID
        && templateId <= FeatureSetDefinitionDecoder.TEMPLATE_ID;
  }

  /** Learns from a message if it defines something. */
  public void learn(DirectBuffer buffer, int offset) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case InstrumentDefinitionDecoder.TEMPLATE_ID -> {
        instrument.wrapAndApplyHeader(buffer, offset, header);
        instruments.put(
            instrument.instrumentId(),
            new InstrumentName(instrument.symbol(), instrument.priceDecimals()));
      }
      case StrategyDefinitionDecoder.TEMPLATE_ID -> {
        strategy.wrapAndApplyHeader(buffer, offset, header);
        strategies.put(strategy.strategyId(), strategy.name());
      }
      case ModelDefinitionDecoder.TEMPLATE_ID -> {
        model.wrapAndApplyHeader(buffer, offset, header);
        models.put(model.modelId(), model.name() + "@" + model.version());
      }
      case DefineInstrumentDecoder.TEMPLATE_ID -> {
        inbound.wrapAndApplyHeader(buffer, offset, header);
        instruments.put(
            inbound.instrumentId(), new InstrumentName(inbound.symbol(), inbound.priceDecimals()));
      }
      case DefineSourceDecoder.TEMPLATE_ID -> {
        source.wrapAndApplyHeader(buffer, offset, header);
        sources.put(source.sourceId(), source.name());
      }
      case FeatureSetDefinitionDecoder.TEMPLATE_ID -> {
        featureSet.wrapAndApplyHeader(buffer, offset, header);
        featureSets.put(featureSet.featureSetId(), featureSet.name());
      }
      default -> {
        // Not a definition.
      }
    }
  }

  /**
   * Learns what a journal's state knows: instruments with the decimals of their last definition,
   * sources, strategies, models, feature sets.
   */
  public void learn(JournalState state) {
    state
        .instruments()
        .forEach((symbol, id) -> instruments.put((int) id, new InstrumentName(symbol, 0)));
    for (int i = 0; i < state.sources().size(); i++) {
      sources.put(i + 1, state.sources().get(i));
    }
    state.standing().forEach(message -> learn(new UnsafeBuffer(message), 0));
  }

  public InstrumentName instrument(int id) {
    return instruments.getOrDefault(id, UNKNOWN);
  }

  public String strategy(int id) {
    return strategies.getOrDefault(id, "");
  }

  public String featureSet(int id) {
    return featureSets.getOrDefault(id, "");
  }

  /** {@code ?} where it is not known. */
  public String source(int id) {
    return sources.getOrDefault(id, UNKNOWN.symbol());
  }

  /** {@code name@version}. */
  public String model(int id) {
    return models.getOrDefault(id, "");
  }
}
