package io.semnal.inference.engine;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Numbers outbound messages: {@code outSeq} over all, {@code streamSeq} per topic. A topic is
 * looked up once, where it is bound; counting it is an array access.
 */
final class Sequences implements Stateful {
  /** The finest thing one can subscribe to. */
  record Topic(int channel, int instrumentId, int timeframe, int strategyId) {}

  private final Map<Topic, Integer> index = new HashMap<>();
  private long[] streams = new long[64];
  private long outSeq;

  /** The place of a topic, made if new. */
  int topic(int channel, int instrumentId, int timeframe, int strategyId) {
    Topic topic = new Topic(channel, instrumentId, timeframe, strategyId);
    Integer known = index.get(topic);
    if (known != null) {
      return known;
    }
    int place = index.size();
    if (place == streams.length) {
      streams = Arrays.copyOf(streams, place * 2);
    }
    index.put(topic, place);
    return place;
  }

  /** Topics in the order of their places: whoever has looked one up finds it where it was. */
  @Override
  public void state(StateVisitor s) {
    s.section("sequences");
    outSeq = s.of(outSeq);
    Topic[] topics = new Topic[index.size()];
    index.forEach((topic, place) -> topics[place] = topic);
    index.clear();
    int count = s.count(topics.length);
    for (int i = 0; i < count; i++) {
      Topic t = s.isReading() ? new Topic(0, 0, 0, 0) : topics[i];
      int place =
          topic(s.of(t.channel), s.of(t.instrumentId), s.of(t.timeframe), s.of(t.strategyId));
      streams[place] = s.of(streams[place]);
    }
  }

  /** How far each topic has come, by topic. Cold. */
  List<EngineReport.Stream> streams() {
    return index.entrySet().stream()
        .map(
            e ->
                new EngineReport.Stream(
                    e.getKey().channel,
                    e.getKey().instrumentId,
                    e.getKey().timeframe,
                    e.getKey().strategyId,
                    streams[e.getValue()]))
        .sorted(
            Comparator.comparingInt(EngineReport.Stream::channel)
                .thenComparingInt(EngineReport.Stream::instrumentId)
                .thenComparingInt(EngineReport.Stream::timeframe)
                .thenComparingInt(EngineReport.Stream::strategyId))
        .toList();
  }

  long nextOut() {
    return ++outSeq;
  }

  long nextInStream(int topic) {
    return ++streams[topic];
  }

  long outSeq() {
    return outSeq;
  }

  /** Continues from an outbound message of an earlier run. */
  void continueFrom(DirectBuffer buffer, int offset) {
    outSeq = MessageLayout.outSeq(buffer, offset);
    int channel = Channel.of(MessageLayout.templateId(buffer, offset));
    int topic =
        topic(
            channel,
            MessageLayout.instrumentId(buffer, offset),
            MessageLayout.timeframe(buffer, offset),
            MessageLayout.strategyId(buffer, offset));
    streams[topic] = MessageLayout.streamSeq(buffer, offset);
  }
}
