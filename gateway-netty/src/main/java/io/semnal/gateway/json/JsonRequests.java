package io.semnal.gateway.json;

import io.semnal.core.market.Timeframe;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.AuthenticateEncoder;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ConflatedSubscribeEncoder;
import io.semnal.protocol.sbe.ConflationMode;
import io.semnal.protocol.sbe.EngineCommandEncoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HeartbeatEncoder;
import io.semnal.protocol.sbe.HelloEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SubscribeEncoder;
import io.semnal.protocol.sbe.TimeSyncEncoder;
import io.semnal.protocol.sbe.UnsubscribeEncoder;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.ResumeToken;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * Turns a client's JSON request into the SBE message that says the same, so that one state machine
 * serves both. Fields that are not known are ignored. One thread.
 */
public final class JsonRequests {
  /** {@link #encode}: a ping, to be answered by a heartbeat. */
  public static final int PING = 0;

  private static final int MOST_NAMES = 1_000;
  private static final int MOST_TEXT = 512;
  private static final int MOST_PROOF = 256;
  private static final int SYMBOL = 16;
  private static final int NAME = 32;

  private final Names names;
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final HelloEncoder hello = new HelloEncoder();
  private final AuthenticateEncoder authenticate = new AuthenticateEncoder();
  private final SubscribeEncoder subscribe = new SubscribeEncoder();
  private final ConflatedSubscribeEncoder conflated = new ConflatedSubscribeEncoder();
  private final UnsubscribeEncoder unsubscribe = new UnsubscribeEncoder();
  private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
  private final TimeSyncEncoder timeSync = new TimeSyncEncoder();
  private final EngineCommandEncoder command = new EngineCommandEncoder();

  public JsonRequests(Names names) {
    this.names = names;
  }

  /**
   * @param target grows as needed; the message begins at 0
   * @return the length of the SBE message, or {@link #PING}
   */
  public int encode(byte[] json, int offset, int length, MutableDirectBuffer target)
      throws BadRequestException {
    JsonFields fields = JsonFields.parse(json, offset, length);
    String type = fields.required("type");
    return switch (type) {
      case "hello" -> hello(fields, target);
      case "authenticate" -> authenticate(fields, target);
      case "subscribe" -> subscribe(fields, target);
      case "unsubscribe" -> unsubscribe(fields, target);
      case "heartbeat" -> heartbeat(target);
      case "timeSync" -> timeSync(fields, target);
      case "engineCommand" -> command(fields, target);
      case "ping" -> PING;
      default ->
          throw new BadRequestException(
              ErrorCode.UNEXPECTED_MESSAGE,
              fields.requestId(),
              "no request of type '" + shown(type) + "' is known");
    };
  }

  /**
   * An engine command that needs no {@code type}.
   *
   * @return the length of the SBE message
   */
  public int encodeCommand(byte[] json, MutableDirectBuffer target) throws BadRequestException {
    return command(JsonFields.parse(json, 0, json.length), target);
  }

  private int hello(JsonFields fields, MutableDirectBuffer target) throws BadRequestException {
    byte[] nonce = fields.hex("clientNonce", NonceSource.LENGTH);
    if (nonce.length != NonceSource.LENGTH) {
      throw fields.malformed("'clientNonce' must be " + NonceSource.LENGTH + " bytes");
    }
    String role = fields.text("role", "client");
    hello
        .wrapAndApplyHeader(target, 0, header)
        .versionMin(fields.int32("versionMin", 0, 0xFFFE))
        .versionMax(fields.int32("versionMax", 0, 0xFFFE))
        .role("feed".equalsIgnoreCase(role) ? Role.FEED : Role.CLIENT)
        .authScheme(
            "ED25519".equals(fields.text("authScheme", "HMAC_SHA256"))
                ? AuthScheme.ED25519
                : AuthScheme.HMAC_SHA256)
        .putClientNonce(nonce, 0, nonce.length);
    byte[] keyId = utf8(fields, "keyId", fields.required("keyId"));
    byte[] clientName = utf8(fields, "clientName", fields.text("clientName", ""));
    hello.putKeyId(keyId, 0, keyId.length).putClientName(clientName, 0, clientName.length);
    return MessageLayout.HEADER + hello.encodedLength();
  }

  private int authenticate(JsonFields fields, MutableDirectBuffer target)
      throws BadRequestException {
    byte[] proof = fields.hex("proof", MOST_PROOF);
    authenticate.wrapAndApplyHeader(target, 0, header).putProof(proof, 0, proof.length);
    return MessageLayout.HEADER + authenticate.encodedLength();
  }

  private int subscribe(JsonFields fields, MutableDirectBuffer target) throws BadRequestException {
    String resume = fields.text("resume", null);
    ResumeToken token = null;
    try {
      token = resume == null ? null : ResumeToken.parse(resume);
    } catch (IllegalArgumentException e) {
      throw fields.malformed("'resume' must be a token such as 1:1234 (EPOCH:OUTSEQ)");
    }
    subscribe
        .wrapAndApplyHeader(target, 0, header)
        .requestId(fields.requestId())
        .resume(bool(token != null))
        .epoch(token == null ? 0 : token.epoch())
        .fromOutSeq(token == null ? 0 : token.outSeq())
        .snapshot(bool(fields.bool("snapshot")))
        .features(bool(fields.bool("features")));
    putChannels(target, SubscribeEncoder.channelsEncodingOffset(), channels(fields));
    conflation(fields, target);
    List<String> symbols = fields.texts("instruments", MOST_NAMES);
    SubscribeEncoder.InstrumentsEncoder instruments = subscribe.instrumentsCount(symbols.size());
    for (String symbol : symbols) {
      instruments.next().symbol(fitting(fields, symbol, SYMBOL, ErrorCode.UNKNOWN_INSTRUMENT));
    }
    List<String> labels = fields.texts("timeframes", MOST_NAMES);
    SubscribeEncoder.TimeframesEncoder timeframes = subscribe.timeframesCount(labels.size());
    for (String label : labels) {
      timeframes.next().seconds(seconds(fields, label));
    }
    List<String> strategyNames = fields.texts("strategies", MOST_NAMES);
    SubscribeEncoder.StrategiesEncoder strategies = subscribe.strategiesCount(strategyNames.size());
    for (String name : strategyNames) {
      strategies.next().name(fitting(fields, name, NAME, ErrorCode.UNKNOWN_STRATEGY));
    }
    return MessageLayout.HEADER + subscribe.encodedLength();
  }

  /** Makes a ConflatedSubscribe of it, which begins alike, where the client says what it wants. */
  private void conflation(JsonFields fields, MutableDirectBuffer target)
      throws BadRequestException {
    String conflation = fields.text("conflation", null);
    if (conflation == null) {
      return;
    }
    ConflationMode mode =
        switch (conflation) {
          case "none" -> ConflationMode.NONE;
          case "latest" -> ConflationMode.LATEST;
          case "interval" -> ConflationMode.INTERVAL;
          default -> throw fields.malformed("'conflation' must be none, latest or interval");
        };
    header
        .wrap(target, 0)
        .blockLength(ConflatedSubscribeEncoder.BLOCK_LENGTH)
        .templateId(ConflatedSubscribeEncoder.TEMPLATE_ID);
    conflated
        .wrap(target, MessageLayout.HEADER)
        .conflation(mode)
        .intervalMillis(
            mode == ConflationMode.INTERVAL
                ? fields.int32("intervalMillis", 0, Integer.MAX_VALUE)
                : 0);
    subscribe.limit(MessageLayout.HEADER + ConflatedSubscribeEncoder.BLOCK_LENGTH);
  }

  private int unsubscribe(JsonFields fields, MutableDirectBuffer target)
      throws BadRequestException {
    unsubscribe.wrapAndApplyHeader(target, 0, header).requestId(fields.requestId());
    putChannels(target, UnsubscribeEncoder.channelsEncodingOffset(), channels(fields));
    return MessageLayout.HEADER + unsubscribe.encodedLength();
  }

  private int heartbeat(MutableDirectBuffer target) {
    heartbeat.wrapAndApplyHeader(target, 0, header).epoch(0).headOutSeq(0).time(0);
    return MessageLayout.HEADER + heartbeat.encodedLength();
  }

  private int timeSync(JsonFields fields, MutableDirectBuffer target) throws BadRequestException {
    timeSync
        .wrapAndApplyHeader(target, 0, header)
        .clientSend(fields.int64("clientSend", MessageLayout.ABSENT))
        .serverReceive(MessageLayout.ABSENT)
        .serverSend(MessageLayout.ABSENT);
    return MessageLayout.HEADER + timeSync.encodedLength();
  }

  private int command(JsonFields fields, MutableDirectBuffer target) throws BadRequestException {
    String instrument = fields.text("instrument", null);
    int instrumentId = instrument == null ? 0 : names.instrumentId(instrument);
    if (instrument != null && instrumentId == 0) {
      throw unknown(fields, ErrorCode.UNKNOWN_INSTRUMENT, instrument);
    }
    String strategy = fields.text("strategy", null);
    int strategyId = strategy == null ? 0 : names.strategyId(strategy);
    if (strategy != null && strategyId == 0) {
      throw unknown(fields, ErrorCode.UNKNOWN_STRATEGY, strategy);
    }
    byte[] reason = utf8(fields, "reason", fields.text("reason", ""));
    command
        .wrapAndApplyHeader(target, 0, header)
        .journalSeq(0)
        .time(0)
        .requestId(fields.requestId())
        .until(fields.int64("until", MessageLayout.ABSENT))
        .instrumentId(instrumentId)
        .strategyId(strategyId)
        .command(commandType(fields))
        .principal("")
        .putReason(reason, 0, reason.length);
    return MessageLayout.HEADER + command.encodedLength();
  }

  private static EngineCommandType commandType(JsonFields fields) throws BadRequestException {
    String name = fields.required("command");
    for (EngineCommandType type : EngineCommandType.values()) {
      if (type != EngineCommandType.NULL_VAL && type.name().equals(name)) {
        return type;
      }
    }
    throw fields.malformed("'command' must be PAUSE, RESUME, KILL, UNKILL or BLACKOUT");
  }

  private static int channels(JsonFields fields) throws BadRequestException {
    int bits = 0;
    for (String name : fields.texts("channels", MOST_NAMES)) {
      int bit = 0;
      for (Channel channel : Channel.values()) {
        if (channel.wireName().equals(name)) {
          bit = channel.bit();
        }
      }
      if (bit == 0) {
        throw unknown(fields, ErrorCode.UNKNOWN_CHANNEL, name);
      }
      bits |= bit;
    }
    return bits;
  }

  private static void putChannels(MutableDirectBuffer target, int field, int channels) {
    target.putShort(MessageLayout.HEADER + field, (short) channels, ByteOrder.LITTLE_ENDIAN);
  }

  private static int seconds(JsonFields fields, String label) throws BadRequestException {
    try {
      return Timeframe.parse(label).seconds();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw unknown(fields, ErrorCode.UNKNOWN_TIMEFRAME, label);
    }
  }

  private static String fitting(JsonFields fields, String name, int most, ErrorCode code)
      throws BadRequestException {
    boolean ascii = name.chars().allMatch(c -> c > 0x20 && c < 0x7F);
    if (name.isEmpty() || name.length() > most || !ascii) {
      throw unknown(fields, code, name);
    }
    return name;
  }

  private static BadRequestException unknown(JsonFields fields, ErrorCode code, String name) {
    String what = code.name().substring("UNKNOWN_".length()).toLowerCase(java.util.Locale.ROOT);
    return new BadRequestException(
        code, fields.requestId(), "no " + what + " '" + shown(name) + "' is known");
  }

  private static byte[] utf8(JsonFields fields, String name, String text)
      throws BadRequestException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_TEXT) {
      throw fields.malformed("'" + name + "' is longer than " + MOST_TEXT + " bytes");
    }
    return bytes;
  }

  /** What a peer sent, fit for a message: short and printable. */
  private static String shown(String text) {
    String shortened = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return shortened.replaceAll("[^\\x20-\\x7E…]", "?");
  }

  private static BooleanType bool(boolean value) {
    return value ? BooleanType.T : BooleanType.F;
  }
}
