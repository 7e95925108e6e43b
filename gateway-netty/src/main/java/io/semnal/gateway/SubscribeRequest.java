package io.semnal.gateway;

import io.semnal.core.market.Timeframe;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ConflatedSubscribeDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SubscribeDecoder;
import io.semnal.protocol.session.PeerKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;

/**
 * A Subscribe, read and held against what exists and what the key allows.
 *
 * @param channels the schema's {@code Channels} bits
 * @param fromOutSeq exclusive; with {@code resume}
 */
record SubscribeRequest(
    long requestId,
    int channels,
    boolean resume,
    long epoch,
    long fromOutSeq,
    boolean snapshot,
    Filter filter) {
  /** Milliseconds; the edge loop sleeps up to 20 when there is nothing to do. */
  private static final int LEAST_INTERVAL = 20;

  private static final int MOST_INTERVAL = 60_000;
  private static final int ALL_CHANNELS = (1 << Channel.values().length) - 1;

  /** Reads the id first, so that a refusal can name it. */
  static long requestId(DirectBuffer buffer, int offset) {
    return decoder(buffer, offset).requestId();
  }

  /** A ConflatedSubscribe begins like a Subscribe, field by field, and has the same groups. */
  private static SubscribeDecoder decoder(DirectBuffer buffer, int offset) {
    MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, offset);
    return new SubscribeDecoder()
        .wrap(buffer, offset + MessageLayout.HEADER, header.blockLength(), header.version());
  }

  private static Conflation conflation(DirectBuffer buffer, int offset) throws RefusedException {
    if (MessageLayout.templateId(buffer, offset) != ConflatedSubscribeDecoder.TEMPLATE_ID) {
      return null;
    }
    ConflatedSubscribeDecoder decoder = new ConflatedSubscribeDecoder();
    decoder.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
    return switch (decoder.conflation()) {
      case NONE -> Conflation.NONE;
      case LATEST -> Conflation.LATEST;
      case INTERVAL -> {
        int millis = decoder.intervalMillis();
        if (millis < LEAST_INTERVAL || millis > MOST_INTERVAL) {
          throw new RefusedException(
              ErrorCode.LIMIT_EXCEEDED,
              "an interval has " + LEAST_INTERVAL + " to " + MOST_INTERVAL + " milliseconds");
        }
        yield Conflation.every(millis * 1_000_000L);
      }
      case NULL_VAL -> throw new RefusedException(ErrorCode.MALFORMED, "no such conflation");
    };
  }

  /**
   * @param buffer holds a message that was checked
   */
  static SubscribeRequest read(
      DirectBuffer buffer,
      int offset,
      Directory directory,
      Set<Timeframe> knownTimeframes,
      PeerKey key)
      throws RefusedException {
    SubscribeDecoder decoder = decoder(buffer, offset);
    long requestId = decoder.requestId();
    int channels = checkChannels(decoder.channels().getRaw(), key);
    boolean resume = decoder.resume() == BooleanType.T;
    long epoch = decoder.epoch();
    long from = decoder.fromOutSeq();
    boolean snapshot = decoder.snapshot() == BooleanType.T;
    boolean features = decoder.features() == BooleanType.T;
    IdSet instruments = instruments(decoder.instruments(), directory, key);
    List<Integer> timeframes = timeframes(decoder.timeframes(), knownTimeframes);
    IdSet strategies = strategies(decoder.strategies(), directory);
    return new SubscribeRequest(
        requestId,
        channels,
        resume,
        epoch,
        from,
        snapshot,
        new Filter(instruments, timeframes, strategies, features, conflation(buffer, offset)));
  }

  private static int checkChannels(int channels, PeerKey key) throws RefusedException {
    if (channels == 0 || (channels & ~ALL_CHANNELS) != 0) {
      throw new RefusedException(
          ErrorCode.UNKNOWN_CHANNEL,
          "channels must name at least one of " + names(ALL_CHANNELS) + " and nothing else");
    }
    int beyond = channels & ~key.channels();
    if (beyond != 0) {
      throw new RefusedException(
          ErrorCode.NOT_ENTITLED,
          "key '" + key.id() + "' may not subscribe to " + String.join(", ", names(beyond)));
    }
    return channels;
  }

  static List<String> names(int channels) {
    List<String> names = new ArrayList<>();
    for (Channel channel : Channel.values()) {
      if ((channels & channel.bit()) != 0) {
        names.add(channel.wireName());
      }
    }
    return names;
  }

  private static IdSet instruments(
      SubscribeDecoder.InstrumentsDecoder group, Directory directory, PeerKey key)
      throws RefusedException {
    if (group.count() == 0) {
      return null;
    }
    IdSet ids = new IdSet();
    for (SubscribeDecoder.InstrumentsDecoder entry : group) {
      String symbol = entry.symbol();
      int id = directory.instrumentId(symbol);
      if (id == 0) {
        throw new RefusedException(
            ErrorCode.UNKNOWN_INSTRUMENT, "no instrument '" + printable(symbol) + "' is known");
      }
      if (!key.mayRead(symbol)) {
        throw new RefusedException(
            ErrorCode.NOT_ENTITLED, "key '" + key.id() + "' may not read " + symbol);
      }
      ids.add(id);
    }
    return ids;
  }

  private static List<Integer> timeframes(
      SubscribeDecoder.TimeframesDecoder group, Set<Timeframe> known) throws RefusedException {
    List<Integer> seconds = new ArrayList<>();
    for (SubscribeDecoder.TimeframesDecoder entry : group) {
      int length = entry.seconds();
      if (length <= 0 || !known.contains(new Timeframe(length))) {
        throw new RefusedException(
            ErrorCode.UNKNOWN_TIMEFRAME, "no timeframe of " + length + " seconds is known");
      }
      seconds.add(length);
    }
    return seconds;
  }

  private static IdSet strategies(SubscribeDecoder.StrategiesDecoder group, Directory directory)
      throws RefusedException {
    if (group.count() == 0) {
      return null;
    }
    IdSet ids = new IdSet();
    for (SubscribeDecoder.StrategiesDecoder entry : group) {
      String name = entry.name();
      int id = directory.strategyId(name);
      if (id == 0) {
        throw new RefusedException(
            ErrorCode.UNKNOWN_STRATEGY, "no strategy '" + printable(name) + "' is known");
      }
      ids.add(id);
    }
    return ids;
  }

  /** What a peer sent, fit for messages and logs. */
  static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7E]", "?");
  }
}
