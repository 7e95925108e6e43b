package io.semnal.journal;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.DefineSourceDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Picks from old messages those that later runs need: of inbound, definitions, each source's last
 * quote and the last run's header with its definitions and activations; of outbound, definitions,
 * every signal and what became of it, every status, the repeats of the latest signals, and the last
 * message of every topic. Bars and scores, nearly all of a journal, go.
 */
final class Keepsakes {
  private static final int AFTER_INBOUND_STAMP = MessageLayout.HEADER + 16;
  private static final int AFTER_OUTBOUND_TIME = MessageLayout.HEADER + 32;

  /** What numbers a stream of messages. */
  private record Topic(int channel, int instrumentId, int timeframe, int strategyId) {}

  private final Side side;
  private final TreeMap<Long, byte[]> kept = new TreeMap<>();
  private final Set<List<Byte>> definitions = new HashSet<>();
  private final Map<Topic, byte[]> lastOfTopic = new HashMap<>();
  private final Map<Integer, byte[]> lastOfSource = new HashMap<>();
  private final Map<Topic, List<byte[]>> repeats = new HashMap<>();
  private final List<byte[]> runSoFar = new ArrayList<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final ConflatedQuoteDecoder conflated = new ConflatedQuoteDecoder();
  private final ScoreDecoder score = new ScoreDecoder();

  Keepsakes(Side side) {
    this.side = side;
  }

  void onMessage(DirectBuffer buffer, int offset, int length) {
    if (side == Side.INBOUND) {
      onInbound(buffer, offset, length);
    } else {
      onOutbound(buffer, offset, length);
    }
  }

  private void onInbound(DirectBuffer buffer, int offset, int length) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case RunHeaderDecoder.TEMPLATE_ID -> {
        runSoFar.clear();
        runSoFar.add(copy(buffer, offset, length));
      }
      case ModelActivationDecoder.TEMPLATE_ID -> runSoFar.add(copy(buffer, offset, length));
      case DefineInstrumentDecoder.TEMPLATE_ID -> {
        // A start looks behind its run's header for what that run has defined.
        runSoFar.add(copy(buffer, offset, length));
        keepNew(buffer, offset, length, AFTER_INBOUND_STAMP);
      }
      case DefineSourceDecoder.TEMPLATE_ID -> keepNew(buffer, offset, length, AFTER_INBOUND_STAMP);
      case QuoteDecoder.TEMPLATE_ID ->
          remember(
              lastOfSource,
              quote.wrapAndApplyHeader(buffer, offset, header).sourceId(),
              buffer,
              offset,
              length);
      case ConflatedQuoteDecoder.TEMPLATE_ID ->
          remember(
              lastOfSource,
              conflated.wrapAndApplyHeader(buffer, offset, header).sourceId(),
              buffer,
              offset,
              length);
      default -> {
        // Moved time, or was answered by an outbound status.
      }
    }
  }

  private void onOutbound(DirectBuffer buffer, int offset, int length) {
    int template = MessageLayout.templateId(buffer, offset);
    Topic topic =
        new Topic(
            Channel.of(template),
            MessageLayout.instrumentId(buffer, offset),
            MessageLayout.timeframe(buffer, offset),
            MessageLayout.strategyId(buffer, offset));
    if (side == Side.OUTBOUND) {
      remember(lastOfTopic, topic, buffer, offset, length);
    }
    switch (template) {
      case BarDecoder.TEMPLATE_ID, FeedQualityDecoder.TEMPLATE_ID -> {
        // The last of its topic says enough.
      }
      case ScoreDecoder.TEMPLATE_ID -> {
        score.wrapAndApplyHeader(buffer, offset, header);
        if (side == Side.OUTBOUND && score.reason() == ScoreReason.POSITION_OPEN) {
          repeats
              .computeIfAbsent(place(topic), t -> new ArrayList<>())
              .add(copy(buffer, offset, length));
        }
      }
      case SignalDecoder.TEMPLATE_ID -> {
        repeats.remove(place(topic));
        keep(copy(buffer, offset, length));
      }
      default -> {
        if (Channel.of(template) == Channel.DEFINITIONS) {
          keepNew(buffer, offset, length, AFTER_OUTBOUND_TIME);
        } else {
          keep(copy(buffer, offset, length));
        }
      }
    }
  }

  private static Topic place(Topic topic) {
    return new Topic(0, topic.instrumentId, topic.timeframe, topic.strategyId);
  }

  private void keepNew(DirectBuffer buffer, int offset, int length, int from) {
    byte[] message = copy(buffer, offset, length);
    List<Byte> content = new ArrayList<>();
    content.add((byte) MessageLayout.templateId(buffer, offset));
    for (int i = from; i < length; i++) {
      content.add(message[i]);
    }
    if (definitions.add(content)) {
      keep(message);
    }
  }

  /** In the array of the last one, where it fits: most messages end here. */
  private static <K> void remember(
      Map<K, byte[]> last, K key, DirectBuffer buffer, int offset, int length) {
    byte[] before = last.get(key);
    if (before == null || before.length != length) {
      last.put(key, copy(buffer, offset, length));
    } else {
      buffer.getBytes(offset, before);
    }
  }

  private static byte[] copy(DirectBuffer buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.getBytes(offset, bytes);
    return bytes;
  }

  private void keep(byte[] message) {
    kept.put(sequence(message), message);
  }

  private long sequence(byte[] message) {
    return side.sequence(new UnsafeBuffer(message), 0);
  }

  /** Whether the header of the run is among them that the last message belongs to. */
  boolean hasRun() {
    return !runSoFar.isEmpty()
        && MessageLayout.templateId(new UnsafeBuffer(runSoFar.getFirst()), 0)
            == RunHeaderDecoder.TEMPLATE_ID;
  }

  /** What was picked, in order. */
  List<byte[]> messages() {
    lastOfTopic.values().forEach(this::keep);
    lastOfSource.values().forEach(this::keep);
    runSoFar.forEach(this::keep);
    repeats.values().forEach(list -> list.forEach(this::keep));
    return List.copyOf(kept.values());
  }
}
