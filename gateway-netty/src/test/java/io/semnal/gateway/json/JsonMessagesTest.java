package io.semnal.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarEncoder;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.EngineState;
import io.semnal.protocol.sbe.EngineStatusEncoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.FeedQualityEncoder;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ModelDefinitionEncoder;
import io.semnal.protocol.sbe.OutputKind;
import io.semnal.protocol.sbe.ScoreEncoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.ScorerKind;
import io.semnal.protocol.sbe.SessionErrorEncoder;
import io.semnal.protocol.sbe.SignalEncoder;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.Trigger;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Golden texts, read by an independent parser. */
class JsonMessagesTest {
  private static final long TIME = 1_398_902_400_000_000_000L;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final JsonMessages json = new JsonMessages(new TestNames());

  private static final class TestNames implements Names {
    @Override
    public String instrument(int id) {
      return id == 1 ? "EURUSD" : null;
    }

    @Override
    public int priceDecimals(int id) {
      return id == 1 ? 5 : 0;
    }

    @Override
    public String strategy(int id) {
      return id == 3 ? "tr\"end\\é\n" : null;
    }

    @Override
    public String model(int id) {
      return id == 4 ? "default@2" : null;
    }

    @Override
    public String featureSet(int id) {
      return null;
    }

    @Override
    public int instrumentId(String symbol) {
      return 0;
    }

    @Override
    public int strategyId(String name) {
      return 0;
    }
  }

  private String encode(boolean features) {
    int length = json.encode(buffer, 0, features);
    return new String(json.bytes(), 0, length, StandardCharsets.UTF_8);
  }

  private void expect(String expected, boolean features) throws Exception {
    String text = encode(features);
    assertThat(text).isEqualTo(expected.replace("\n", "").replace("'", "\""));
    assertThat(MAPPER.readTree(text)).isNotNull();
  }

  @Test
  void tellsASignal() throws Exception {
    byte[] features =
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(0.5f)
            .putFloat(Float.NaN)
            .putFloat(-1e-7f)
            .array();
    SignalEncoder e = new SignalEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(9_007_199_254_740_993L)
        .causeSeq(12)
        .streamSeq(3)
        .time(TIME)
        .instrumentId(1)
        .timeframe(60)
        .strategyId(3)
        .eventTime(TIME - 1)
        .signalType(SignalType.SELL)
        .trigger(Trigger.BAR_CLOSE)
        .modelId(4)
        .strength(0.725)
        .bid(138_654_000)
        .ask(138_664_100)
        .entry(138_654_000)
        .stopLoss(138_700_000)
        .takeProfit(138_612_345)
        .expiration(TIME + 60)
        .featureHash(-1)
        .putFeatures(features, 0, features.length);
    String start =
        """
        {'type':'signal','outSeq':'9007199254740993','causeSeq':'12','streamSeq':'3',
        'time':'1398902400000000000','instrument':'EURUSD','timeframe':'1m',
        'strategy':'tr\\'end\\\\\\u00e9\\u000a','eventTime':'1398902399999999999',
        'signalType':'SELL','trigger':'BAR_CLOSE','model':'default@2','strength':0.725,
        'bid':'1.38654','ask':'1.386641','entry':'1.38654','stopLoss':'1.38700',
        'takeProfit':'1.38612345','expiration':'1398902400000000060',
        'featureHash':'18446744073709551615'""";
    expect(start + "}", false);
    expect(start + ",'features':[0.5,null,-1.0E-7]}", true);
    JsonNode node = MAPPER.readTree(encode(true));
    assertThat(node.get("strategy").asText()).isEqualTo("tr\"end\\é\n");
    assertThat(node.get("features").get(2).floatValue()).isEqualTo(-1e-7f);
  }

  @Test
  void tellsWhatIsAbsentAsNull() throws Exception {
    ScoreEncoder e = new ScoreEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(1)
        .causeSeq(2)
        .streamSeq(3)
        .time(TIME)
        .instrumentId(9)
        .timeframe(14_400)
        .strategyId(0)
        .eventTime(MessageLayout.ABSENT)
        .buy(Double.NaN)
        .sell(Double.POSITIVE_INFINITY)
        .neutral(1e-300)
        .output(-0.0)
        .featureHash(1)
        .bid(MessageLayout.ABSENT)
        .ask(-150_000_000)
        .modelId(0)
        .side(SignalType.NEUTRAL)
        .reason(ScoreReason.NOT_WARM)
        .trigger(Trigger.TICK);
    expect(
        """
        {'type':'score','outSeq':'1','causeSeq':'2','streamSeq':'3',
        'time':'1398902400000000000','instrument':null,'timeframe':'4h','eventTime':null,
        'buy':null,'sell':null,'neutral':1.0E-300,'output':-0.0,'featureHash':'1','bid':null,
        'ask':'-1.5','model':null,'side':'NEUTRAL','reason':'NOT_WARM','trigger':'TICK'}""",
        false);
  }

  @Test
  void tellsFlagsByName() throws Exception {
    BarEncoder e = new BarEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(1)
        .causeSeq(2)
        .streamSeq(3)
        .time(TIME)
        .instrumentId(1)
        .timeframe(30)
        .strategyId(0)
        .flags()
        .clear()
        .crossed(true)
        .offHours(true)
        .simulated(true);
    assertThat(MAPPER.readTree(encode(false)).get("flags").toString())
        .isEqualTo("[\"crossed\",\"offHours\",\"simulated\"]");
    assertThat(MAPPER.readTree(encode(false)).get("timeframe").asText()).isEqualTo("30s");
  }

  @Test
  void tellsStatusQualityModelAndError() throws Exception {
    EngineStatusEncoder status = new EngineStatusEncoder();
    status
        .wrapAndApplyHeader(buffer, 0, header)
        .outSeq(1)
        .causeSeq(2)
        .streamSeq(3)
        .time(TIME)
        .instrumentId(0)
        .timeframe(0)
        .strategyId(0)
        .state(EngineState.PAUSED)
        .command(EngineCommandType.PAUSE)
        .until(MessageLayout.ABSENT)
        .reason("news");
    expect(
        """
        {'type':'engineStatus','outSeq':'1','causeSeq':'2','streamSeq':'3',
        'time':'1398902400000000000','state':'PAUSED','command':'PAUSE','until':null,
        'reason':'news'}""",
        false);
    FeedQualityEncoder quality = new FeedQualityEncoder();
    quality
        .wrapAndApplyHeader(buffer, 0, header)
        .outSeq(1)
        .causeSeq(2)
        .streamSeq(3)
        .time(TIME)
        .instrumentId(1)
        .timeframe(0)
        .strategyId(0)
        .sourceId(6)
        .state(FeedState.STALE)
        .flags()
        .clear()
        .stale(true);
    quality.reason("silent");
    expect(
        """
        {'type':'feedQuality','outSeq':'1','causeSeq':'2','streamSeq':'3',
        'time':'1398902400000000000','instrument':'EURUSD','sourceId':6,'state':'STALE',
        'flags':['stale'],'reason':'silent'}""",
        false);
    ModelDefinitionEncoder model = new ModelDefinitionEncoder();
    model
        .wrapAndApplyHeader(buffer, 0, header)
        .outSeq(1)
        .causeSeq(2)
        .streamSeq(3)
        .time(TIME)
        .instrumentId(0)
        .timeframe(0)
        .strategyId(0)
        .modelId(4)
        .name("default")
        .version(2)
        .putSha256(new byte[32], 0, 32)
        .scorer(ScorerKind.COMPILED)
        .outputKind(OutputKind.CLASSES);
    assertThat(MAPPER.readTree(encode(false)).get("sha256").asText()).isEqualTo("00".repeat(32));
    SessionErrorEncoder error = new SessionErrorEncoder();
    error
        .wrapAndApplyHeader(buffer, 0, header)
        .requestId(7)
        .code(ErrorCode.SLOW_CONSUMER)
        .fatal(BooleanType.T)
        .retryable(BooleanType.T)
        .lastOutSeq(55)
        .text("too slow");
    expect(
        """
        {'type':'error','code':'SLOW_CONSUMER','fatal':true,'retryable':true,'requestId':'7',
        'lastOutSeq':'55','text':'too slow'}""",
        false);
  }

  /** A price's text is its exact value, with at least the instrument's decimals. */
  @Property(tries = 500)
  void pricesAreExact(
      @ForAll @LongRange(min = -1_000_000_000_000_000L, max = 1_000_000_000_000_000L) long mantissa,
      @ForAll @IntRange(min = 0, max = 8) int decimals)
      throws Exception {
    JsonText text = new JsonText();
    text.begin("x").price("p", mantissa, decimals).end();
    String price = MAPPER.readTree(text.bytes(), 0, text.length()).get("p").asText();
    BigDecimal exact = BigDecimal.valueOf(mantissa, 8);
    assertThat(new BigDecimal(price)).isEqualByComparingTo(exact);
    int needed = Math.max(0, exact.stripTrailingZeros().scale());
    assertThat(new BigDecimal(price).scale()).isEqualTo(Math.max(decimals, needed));
  }

  /** Any text goes through the parser unharmed. */
  @Property(tries = 500)
  void textsAreEscaped(@ForAll String value, @ForAll long number) throws Exception {
    JsonText text = new JsonText();
    text.begin("x").text("v", value).int64("n", number).uint64("u", number).end();
    JsonNode node = MAPPER.readTree(text.bytes(), 0, text.length());
    assertThat(node.get("v").asText()).isEqualTo(value);
    assertThat(Long.parseLong(node.get("n").asText())).isEqualTo(number);
    assertThat(Long.parseUnsignedLong(node.get("u").asText())).isEqualTo(number);
  }
}
