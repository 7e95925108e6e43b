package io.semnal.protocol.session;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.AuthenticateDecoder;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ChallengeDecoder;
import io.semnal.protocol.sbe.ClockDecoder;
import io.semnal.protocol.sbe.CommandResultDecoder;
import io.semnal.protocol.sbe.ConflatedDecoder;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.ConflatedSubscribeDecoder;
import io.semnal.protocol.sbe.ConflationMode;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.DefineSourceDecoder;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.FeatureSetDefinitionDecoder;
import io.semnal.protocol.sbe.FeedAckDecoder;
import io.semnal.protocol.sbe.FeedQualityDecoder;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.FeedStatusDecoder;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.HelloDecoder;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.ReplayEndDecoder;
import io.semnal.protocol.sbe.Role;
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
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Tells whether bytes from outside are a message of our schema that its decoder can read to the
 * end, before any decoder touches them.
 *
 * <p>Checked: header, block length, every group and variable-length field against the length; for
 * messages that peers send to the server, also that enumerations hold known values. Longer blocks
 * and trailing bytes are let pass: a newer peer has more to say. Stateless; allocates nothing.
 */
public final class MessageCheck {
  /** The message can be decoded. All other answers are values of {@link ErrorCode}. */
  public static final int OK = 0;

  private static final int MALFORMED = ErrorCode.MALFORMED.value();
  private static final int FIRST_VERSION = 1;
  private static final int GROUP_HEADER = 4;
  private static final Shape[] SHAPES = new Shape[64];

  static {
    put(RunHeaderDecoder.TEMPLATE_ID, RunHeaderDecoder.BLOCK_LENGTH)
        .group(RunHeaderDecoder.ModelsDecoder.sbeBlockLength())
        .text()
        .longText();
    put(DefineInstrumentDecoder.TEMPLATE_ID, DefineInstrumentDecoder.BLOCK_LENGTH);
    put(QuoteDecoder.TEMPLATE_ID, QuoteDecoder.BLOCK_LENGTH);
    put(ConflatedQuoteDecoder.TEMPLATE_ID, ConflatedQuoteDecoder.BLOCK_LENGTH);
    put(HistoricalBarDecoder.TEMPLATE_ID, HistoricalBarDecoder.BLOCK_LENGTH);
    put(ClockDecoder.TEMPLATE_ID, ClockDecoder.BLOCK_LENGTH);
    put(FeedStatusDecoder.TEMPLATE_ID, FeedStatusDecoder.BLOCK_LENGTH)
        .text()
        .upTo(FeedStatusDecoder.stateEncodingOffset(), FeedState.STALE.value());
    put(ModelActivationDecoder.TEMPLATE_ID, ModelActivationDecoder.BLOCK_LENGTH).text();
    put(EngineCommandDecoder.TEMPLATE_ID, EngineCommandDecoder.BLOCK_LENGTH)
        .text()
        .text()
        .upTo(EngineCommandDecoder.commandEncodingOffset(), EngineCommandType.BLACKOUT.value());
    put(DefineSourceDecoder.TEMPLATE_ID, DefineSourceDecoder.BLOCK_LENGTH);
    put(InstrumentDefinitionDecoder.TEMPLATE_ID, InstrumentDefinitionDecoder.BLOCK_LENGTH);
    put(StrategyDefinitionDecoder.TEMPLATE_ID, StrategyDefinitionDecoder.BLOCK_LENGTH).text();
    put(ModelDefinitionDecoder.TEMPLATE_ID, ModelDefinitionDecoder.BLOCK_LENGTH);
    put(FeatureSetDefinitionDecoder.TEMPLATE_ID, FeatureSetDefinitionDecoder.BLOCK_LENGTH).text();
    put(BarDecoder.TEMPLATE_ID, BarDecoder.BLOCK_LENGTH);
    put(ScoreDecoder.TEMPLATE_ID, ScoreDecoder.BLOCK_LENGTH);
    put(SignalDecoder.TEMPLATE_ID, SignalDecoder.BLOCK_LENGTH).text();
    put(SignalEventDecoder.TEMPLATE_ID, SignalEventDecoder.BLOCK_LENGTH);
    put(FeedQualityDecoder.TEMPLATE_ID, FeedQualityDecoder.BLOCK_LENGTH).text();
    put(DiscontinuityDecoder.TEMPLATE_ID, DiscontinuityDecoder.BLOCK_LENGTH).text();
    put(EngineStatusDecoder.TEMPLATE_ID, EngineStatusDecoder.BLOCK_LENGTH).text();
    put(HelloDecoder.TEMPLATE_ID, HelloDecoder.BLOCK_LENGTH)
        .text()
        .text()
        .upTo(HelloDecoder.roleEncodingOffset(), Role.FEED.value())
        .upTo(HelloDecoder.authSchemeEncodingOffset(), AuthScheme.ED25519.value());
    put(ChallengeDecoder.TEMPLATE_ID, ChallengeDecoder.BLOCK_LENGTH);
    put(AuthenticateDecoder.TEMPLATE_ID, AuthenticateDecoder.BLOCK_LENGTH).text();
    put(AcceptedDecoder.TEMPLATE_ID, AcceptedDecoder.BLOCK_LENGTH).text();
    put(RejectedDecoder.TEMPLATE_ID, RejectedDecoder.BLOCK_LENGTH).text();
    put(SubscribeDecoder.TEMPLATE_ID, SubscribeDecoder.BLOCK_LENGTH)
        .group(SubscribeDecoder.InstrumentsDecoder.sbeBlockLength())
        .group(SubscribeDecoder.TimeframesDecoder.sbeBlockLength())
        .group(SubscribeDecoder.StrategiesDecoder.sbeBlockLength())
        .upTo(SubscribeDecoder.resumeEncodingOffset(), BooleanType.T.value())
        .upTo(SubscribeDecoder.snapshotEncodingOffset(), BooleanType.T.value())
        .upTo(SubscribeDecoder.featuresEncodingOffset(), BooleanType.T.value());
    put(ConflatedSubscribeDecoder.TEMPLATE_ID, ConflatedSubscribeDecoder.BLOCK_LENGTH)
        .group(ConflatedSubscribeDecoder.InstrumentsDecoder.sbeBlockLength())
        .group(ConflatedSubscribeDecoder.TimeframesDecoder.sbeBlockLength())
        .group(ConflatedSubscribeDecoder.StrategiesDecoder.sbeBlockLength())
        .upTo(ConflatedSubscribeDecoder.resumeEncodingOffset(), BooleanType.T.value())
        .upTo(ConflatedSubscribeDecoder.snapshotEncodingOffset(), BooleanType.T.value())
        .upTo(ConflatedSubscribeDecoder.featuresEncodingOffset(), BooleanType.T.value())
        .upTo(
            ConflatedSubscribeDecoder.conflationEncodingOffset(), ConflationMode.INTERVAL.value());
    put(SlowWarningDecoder.TEMPLATE_ID, SlowWarningDecoder.BLOCK_LENGTH);
    put(SubscribedDecoder.TEMPLATE_ID, SubscribedDecoder.BLOCK_LENGTH);
    put(UnsubscribeDecoder.TEMPLATE_ID, UnsubscribeDecoder.BLOCK_LENGTH);
    put(SnapshotBeginDecoder.TEMPLATE_ID, SnapshotBeginDecoder.BLOCK_LENGTH);
    put(SnapshotEndDecoder.TEMPLATE_ID, SnapshotEndDecoder.BLOCK_LENGTH);
    put(ReplayBeginDecoder.TEMPLATE_ID, ReplayBeginDecoder.BLOCK_LENGTH);
    put(ReplayEndDecoder.TEMPLATE_ID, ReplayEndDecoder.BLOCK_LENGTH);
    put(HeartbeatDecoder.TEMPLATE_ID, HeartbeatDecoder.BLOCK_LENGTH);
    put(ConflatedDecoder.TEMPLATE_ID, ConflatedDecoder.BLOCK_LENGTH);
    put(TimeSyncDecoder.TEMPLATE_ID, TimeSyncDecoder.BLOCK_LENGTH);
    put(FeedAckDecoder.TEMPLATE_ID, FeedAckDecoder.BLOCK_LENGTH);
    put(SessionErrorDecoder.TEMPLATE_ID, SessionErrorDecoder.BLOCK_LENGTH).text();
    put(ShutdownDecoder.TEMPLATE_ID, ShutdownDecoder.BLOCK_LENGTH).text();
    put(ViewerQuoteDecoder.TEMPLATE_ID, ViewerQuoteDecoder.BLOCK_LENGTH);
    put(CommandResultDecoder.TEMPLATE_ID, CommandResultDecoder.BLOCK_LENGTH);
  }

  private MessageCheck() {}

  /**
   * Checks one SBE message, header included. Reads nothing outside {@code offset} to {@code offset
   * + length}.
   *
   * @return {@link #OK}, or the value of MALFORMED, UNSUPPORTED_VERSION (version 0), or
   *     UNEXPECTED_MESSAGE (a template that this version does not know)
   */
  public static int check(DirectBuffer buffer, int offset, int length) {
    if (offset < 0
        || length < MessageLayout.HEADER
        || (long) offset + length > buffer.capacity()
        || uint16(buffer, offset + 4) != MessageHeaderDecoder.SCHEMA_ID) {
      return MALFORMED;
    }
    if (uint16(buffer, offset + 6) < FIRST_VERSION) {
      return ErrorCode.UNSUPPORTED_VERSION.value();
    }
    int template = uint16(buffer, offset + 2);
    Shape shape = template < SHAPES.length ? SHAPES[template] : null;
    if (shape == null) {
      return ErrorCode.UNEXPECTED_MESSAGE.value();
    }
    return shape.fits(buffer, offset, length) ? OK : MALFORMED;
  }

  private static int uint16(DirectBuffer buffer, int index) {
    return buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
  }

  private static Shape put(int templateId, int block) {
    Shape shape = new Shape(block);
    SHAPES[templateId] = shape;
    return shape;
  }

  /** What a message of one template must at least hold. Built once, then only read. */
  private static final class Shape {
    private final int block;
    private int[] groups = {};
    private int[] dataHeaders = {};
    private int[] enumOffsets = {};
    private int[] enumMost = {};

    Shape(int block) {
      this.block = block;
    }

    Shape group(int entryLength) {
      groups = append(groups, entryLength);
      return this;
    }

    Shape text() {
      dataHeaders = append(dataHeaders, 2);
      return this;
    }

    Shape longText() {
      dataHeaders = append(dataHeaders, 4);
      return this;
    }

    Shape upTo(int fieldOffset, int most) {
      enumOffsets = append(enumOffsets, fieldOffset);
      enumMost = append(enumMost, most);
      return this;
    }

    private static int[] append(int[] array, int value) {
      int[] longer = Arrays.copyOf(array, array.length + 1);
      longer[array.length] = value;
      return longer;
    }

    boolean fits(DirectBuffer buffer, int offset, int length) {
      int actual = uint16(buffer, offset);
      if (actual < block || MessageLayout.HEADER + actual > length) {
        return false;
      }
      for (int i = 0; i < enumOffsets.length; i++) {
        int value = buffer.getByte(offset + MessageLayout.HEADER + enumOffsets[i]) & 0xFF;
        if (value > enumMost[i]) {
          return false;
        }
      }
      long at = MessageLayout.HEADER + actual;
      for (int entry : groups) {
        at = afterGroup(buffer, offset, length, at, entry);
      }
      for (int headerLength : dataHeaders) {
        at = afterData(buffer, offset, length, at, headerLength);
      }
      return at <= length;
    }

    /** Where the group ends; beyond {@code length} if it does not fit. */
    private static long afterGroup(
        DirectBuffer buffer, int offset, int length, long at, int least) {
      if (at + GROUP_HEADER > length) {
        return Long.MAX_VALUE >> 1;
      }
      int entry = uint16(buffer, offset + (int) at);
      int count = uint16(buffer, offset + (int) at + 2);
      if (count > 0 && entry < least) {
        return Long.MAX_VALUE >> 1;
      }
      return at + GROUP_HEADER + (long) entry * count;
    }

    /** Where the field ends; beyond {@code length} if it does not fit. */
    private static long afterData(
        DirectBuffer buffer, int offset, int length, long at, int headerLength) {
      if (at + headerLength > length) {
        return Long.MAX_VALUE >> 1;
      }
      int index = offset + (int) at;
      long data =
          headerLength == 2
              ? uint16(buffer, index)
              : buffer.getInt(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
      return at + headerLength + data;
    }
  }
}
