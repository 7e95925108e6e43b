package io.semnal.inference.engine;

import static io.semnal.inference.engine.EngineRig.MINUTE;
import static io.semnal.inference.engine.EngineRig.SECOND;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.FeedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes a run's inbound messages from a seed: two walks, flags, silences, commands. */
final class RandomMarket {
  /** What a test needs to know of an inbound message, kept beside its bytes. */
  record Message(
      byte[] bytes,
      long seq,
      long time,
      int instrument,
      long bid,
      long ask,
      boolean fills,
      EngineCommandType command,
      int strategy) {
    boolean isQuote() {
      return instrument != 0 && command == null;
    }
  }

  private final Random random;
  private final Inbound in;
  private final List<Message> messages = new ArrayList<>();
  private final long[] mid = {0, 110_000_000L, 15_000_000_000L};
  private final long[] step = {0, 1_000, 100_000};
  long time;

  /** Whether there are silences of hours and days, and feeds that go down. */
  boolean silences;

  RandomMarket(long seed, Inbound in, long from) {
    random = new Random(seed);
    this.in = in;
    time = from;
  }

  RandomMarket begin() {
    add(in.runHeader(time), 0, 0, 0, false, null, 0);
    add(in.define(time, 1, "EURUSD"), 0, 0, 0, false, null, 0);
    add(in.define(time, 2, "USDJPY"), 0, 0, 0, false, null, 0);
    return this;
  }

  RandomMarket go(int count) {
    for (int i = 0; i < count; i++) {
      time += step();
      int dice = random.nextInt(1000);
      if (dice < 12) {
        command();
      } else if (dice < 18 && silences) {
        FeedState state = FeedState.values()[random.nextInt(3)];
        int instrument = random.nextInt(3);
        add(in.feedStatus(state, time, 1, instrument, "x"), 0, 0, 0, false, null, 0);
      } else if (dice < 40) {
        add(in.clock(time), 0, 0, 0, false, null, 0);
      } else {
        quote();
      }
    }
    return this;
  }

  private long step() {
    int dice = random.nextInt(1000);
    if (silences && dice < 3) {
      return random.nextLong(72 * 60 * MINUTE);
    }
    if (dice < 30) {
      return random.nextLong(7 * MINUTE);
    }
    return dice < 130 ? 0 : random.nextLong(24) * SECOND / (1 + random.nextInt(2));
  }

  private void quote() {
    int instrument = 1 + random.nextInt(2);
    long s = step[instrument];
    mid[instrument] += s * Math.round(random.nextGaussian() * 25);
    long half = s * (random.nextInt(30) == 0 ? 40 : 2 + random.nextInt(8));
    boolean crossed = random.nextInt(25) == 0;
    long bid = mid[instrument] - (crossed ? -half : half);
    long ask = mid[instrument] + (crossed ? -half : half);
    boolean duplicate = random.nextInt(50) == 0;
    int flags = (crossed ? QuoteRules.CROSSED : 0) | (duplicate ? QuoteRules.DUPLICATE : 0);
    byte[] bytes = in.quote(instrument, time, time, bid, ask, flags);
    add(bytes, instrument, bid, ask, flags == 0, null, 0);
  }

  private void command() {
    EngineCommandType type = EngineCommandType.values()[random.nextInt(5)];
    int instrument = random.nextInt(3);
    int strategy = random.nextInt(4);
    long until = time + random.nextLong(10 * MINUTE);
    // Two commands out of three set things free, or the engine would stand still.
    if (random.nextInt(3) > 0) {
      type = random.nextBoolean() ? EngineCommandType.RESUME : EngineCommandType.UNKILL;
      instrument = 0;
      strategy = 0;
    }
    byte[] bytes = in.command(type, time, instrument, strategy, until, "r");
    add(bytes, instrument, 0, 0, false, type, strategy);
  }

  private void add(
      byte[] bytes,
      int instrument,
      long bid,
      long ask,
      boolean fills,
      EngineCommandType command,
      int strategy) {
    messages.add(
        new Message(bytes, in.lastSeq(), time, instrument, bid, ask, fills, command, strategy));
  }

  List<Message> messages() {
    return messages;
  }

  /** The same messages with Clock messages strewn in, all numbered anew. */
  static List<byte[]> withClocks(List<Message> messages, long seed) {
    Random random = new Random(seed);
    Inbound in = new Inbound();
    List<byte[]> out = new ArrayList<>();
    long last = messages.getFirst().time();
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      // A run's first messages are its header and definitions.
      while (i > 2 && random.nextInt(3) == 0) {
        long gap = message.time() - last;
        long at =
            switch (random.nextInt(4)) {
              case 0 -> message.time();
              case 1 -> last;
              case 2 -> Math.clamp((last / MINUTE + 1) * MINUTE, last, message.time());
              default -> last + (gap == 0 ? 0 : random.nextLong(gap));
            };
        out.add(in.clock(at));
        last = at;
      }
      out.add(in.renumber(message.bytes()));
      last = message.time();
    }
    return out;
  }

  static long timeOf(byte[] message) {
    return MessageLayout.inboundTime(new org.agrona.concurrent.UnsafeBuffer(message), 0);
  }
}
