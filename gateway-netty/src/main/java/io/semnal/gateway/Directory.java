package io.semnal.gateway;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.gateway.rest.Catalogue;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.FeatureSetDefinitionDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.StrategyDefinitionDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The latest definition of each instrument, strategy, model and feature set column: what a session
 * is told first, and what ids are called. Loop thread.
 */
final class Directory implements Catalogue {
  private record Key(int template, int id, int column) {}

  private record InstrumentName(String symbol, int decimals) {}

  private final Map<Key, UnsafeBuffer> messages = new LinkedHashMap<>();
  private final Int2ObjectHashMap<InstrumentName> instruments = new Int2ObjectHashMap<>();
  private final Int2ObjectHashMap<String> strategies = new Int2ObjectHashMap<>();
  private final Int2ObjectHashMap<String> models = new Int2ObjectHashMap<>();
  private final Int2ObjectHashMap<String> featureSets = new Int2ObjectHashMap<>();
  private final Map<String, Integer> instrumentIds = new LinkedHashMap<>();
  private final Map<String, Integer> strategyIds = new LinkedHashMap<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final InstrumentDefinitionDecoder instrument = new InstrumentDefinitionDecoder();
  private final StrategyDefinitionDecoder strategy = new StrategyDefinitionDecoder();
  private final ModelDefinitionDecoder model = new ModelDefinitionDecoder();
  private final FeatureSetDefinitionDecoder featureSet = new FeatureSetDefinitionDecoder();

  /** Takes a definition; the bytes are copied. */
  void onDefinition(DirectBuffer buffer, int offset, int length) {
    Key key = read(buffer, offset);
    UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
    copy.putBytes(0, buffer, offset, length);
    messages.put(key, copy);
  }

  private Key read(DirectBuffer buffer, int offset) {
    int template = MessageLayout.templateId(buffer, offset);
    switch (template) {
      case InstrumentDefinitionDecoder.TEMPLATE_ID -> {
        instrument.wrapAndApplyHeader(buffer, offset, header);
        int id = instrument.instrumentId();
        String symbol = instrument.symbol();
        instruments.put(id, new InstrumentName(symbol, instrument.priceDecimals()));
        instrumentIds.put(symbol, id);
        return new Key(template, id, 0);
      }
      case StrategyDefinitionDecoder.TEMPLATE_ID -> {
        strategy.wrapAndApplyHeader(buffer, offset, header);
        int id = strategy.strategyId();
        String name = strategy.name();
        strategies.put(id, name);
        strategyIds.put(name, id);
        return new Key(template, id, 0);
      }
      case ModelDefinitionDecoder.TEMPLATE_ID -> {
        model.wrapAndApplyHeader(buffer, offset, header);
        int id = model.modelId();
        String name = model.name();
        models.put(id, name + "@" + model.version());
        return new Key(template, id, 0);
      }
      case FeatureSetDefinitionDecoder.TEMPLATE_ID -> {
        featureSet.wrapAndApplyHeader(buffer, offset, header);
        int id = featureSet.featureSetId();
        featureSets.put(id, featureSet.name());
        return new Key(template, id, featureSet.column());
      }
      default -> throw new IllegalArgumentException("template " + template + " defines nothing");
    }
  }

  /** The definitions as they stand, never changed again. */
  Catalogue copy() {
    Directory copy = new Directory();
    forEach(copy::onDefinition);
    return copy;
  }

  @Override
  public void forEach(MessageHandler handler) {
    messages.values().forEach(m -> handler.onMessage(m, 0, m.capacity()));
  }

  /** Ids of all instruments, by symbol. */
  Map<String, Integer> instrumentIds() {
    return instrumentIds;
  }

  @Override
  public String instrument(int id) {
    InstrumentName name = instruments.get(id);
    return name == null ? null : name.symbol;
  }

  @Override
  public int priceDecimals(int id) {
    InstrumentName name = instruments.get(id);
    return name == null ? 0 : name.decimals;
  }

  @Override
  public String strategy(int id) {
    return strategies.get(id);
  }

  @Override
  public String model(int id) {
    return models.get(id);
  }

  @Override
  public String featureSet(int id) {
    return featureSets.get(id);
  }

  @Override
  public int instrumentId(String symbol) {
    return instrumentIds.getOrDefault(symbol, 0);
  }

  @Override
  public int strategyId(String name) {
    return strategyIds.getOrDefault(name, 0);
  }
}
