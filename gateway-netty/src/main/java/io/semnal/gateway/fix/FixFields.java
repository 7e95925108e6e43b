package io.semnal.gateway.fix;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.Tag;
import io.semnal.gateway.json.Names;
import io.semnal.protocol.MessageLayout;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the fields that outbound messages have in common, in the form that FIX wants them, without
 * allocating. Loop thread.
 */
final class FixFields {
  private static final int LIMIT = 60 * 1024;
  private static final int NANO_DIGITS = 9;
  private static final double UNIT = 1e8;
  private static final int PAIR = 6;
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final Names names;
  private final LongSupplier epoch;
  private final FixEncoder out = new FixEncoder(FixVersion.FIX44, LIMIT);
  private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[64]);
  private final Int2ObjectHashMap<String> slashed = new Int2ObjectHashMap<>();
  private boolean slashes;

  FixFields(Names names, LongSupplier epoch) {
    this.names = names;
    this.epoch = epoch;
  }

  FixEncoder begin(boolean withSlashes) {
    slashes = withSlashes;
    return out.beginFields();
  }

  FixEncoder out() {
    return out;
  }

  Names names() {
    return names;
  }

  int decimals(DirectBuffer buffer, int offset) {
    return names.priceDecimals(MessageLayout.instrumentId(buffer, offset));
  }

  /** Where the message stands in the stream, and what it is about. */
  void position(DirectBuffer buffer, int offset) {
    long outSeq = MessageLayout.outSeq(buffer, offset);
    token(outSeq);
    out.integer(UserTag.OUT_SEQ, outSeq)
        .integer(UserTag.EPOCH, epoch.getAsLong())
        .integer(UserTag.STREAM_SEQ, MessageLayout.streamSeq(buffer, offset))
        .integer(UserTag.CAUSE_SEQ, MessageLayout.causeSeq(buffer, offset));
    name(UserTag.STRATEGY, names.strategy(MessageLayout.strategyId(buffer, offset)));
    int timeframe = MessageLayout.timeframe(buffer, offset);
    if (timeframe != 0) {
      out.integer(UserTag.TIMEFRAME, timeframe);
    }
  }

  /** What a client resumes after to get what follows this message. */
  void token(long outSeq) {
    int at = scratch.putNaturalLongAscii(0, epoch.getAsLong());
    scratch.putByte(at++, (byte) ':');
    at += scratch.putNaturalLongAscii(at, outSeq);
    out.bytes(UserTag.RESUME_TOKEN, scratch, 0, at);
  }

  void symbol(DirectBuffer buffer, int offset) {
    int id = MessageLayout.instrumentId(buffer, offset);
    name(Tag.SYMBOL, slashes ? slashed(id) : names.instrument(id));
  }

  private String slashed(int id) {
    String known = slashed.get(id);
    if (known == null) {
      String symbol = names.instrument(id);
      if (symbol == null) {
        return null;
      }
      known = symbol.length() == PAIR ? symbol.substring(0, 3) + "/" + symbol.substring(3) : symbol;
      slashed.put(id, known);
    }
    return known;
  }

  /** Nothing where the name is not known. */
  void name(int tag, String name) {
    if (name != null && !name.isEmpty()) {
      out.text(tag, name);
    }
  }

  /** Nothing where it is absent. */
  void price(int tag, long price, int decimals) {
    if (price != MessageLayout.ABSENT) {
      out.decimal(tag, price, decimals);
    }
  }

  /** Nothing where it is absent. */
  void time(int tag, long nanos) {
    if (nanos != MessageLayout.ABSENT && nanos >= 0) {
      out.timestamp(tag, nanos, NANO_DIGITS);
    }
  }

  /** To eight decimals; nothing where there is none. */
  void real(int tag, double value) {
    if (Double.isFinite(value) && Math.abs(value) < Long.MAX_VALUE / UNIT) {
      out.decimal(tag, Math.round(value * UNIT), 1);
    }
  }

  void hex(int tag, long value) {
    for (int i = 0; i < Long.BYTES * 2; i++) {
      scratch.putByte(i, (byte) HEX[(int) (value >>> (60 - 4 * i)) & 0xf]);
    }
    out.bytes(tag, scratch, 0, Long.BYTES * 2);
  }
}
