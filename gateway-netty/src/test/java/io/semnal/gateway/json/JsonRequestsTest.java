package io.semnal.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SubscribeDecoder;
import io.semnal.protocol.session.MessageCheck;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

class JsonRequestsTest {
  private static final List<String> VALID =
      List.of(
          """
          {"type":"subscribe","requestId":"7","channels":["signals","quotes"],
          "instruments":["EURUSD","USDJPY"],"timeframes":["1m","4h"],"strategies":["trend"],
          "resume":"3:99","snapshot":true,"features":false,"other":{"a":[1,{"b":null}]}}""",
          """
          {"type":"hello","versionMin":1,"versionMax":1,"role":"client","keyId":"a","clientNonce":"
          """
                  .strip()
              + "00".repeat(32)
              + "\",\"clientName\":\"é\"}",
          "{\"type\":\"authenticate\",\"proof\":\"00ff\"}",
          "{\"type\":\"unsubscribe\",\"requestId\":1,\"channels\":[\"bars\"]}",
          "{\"type\":\"timeSync\",\"clientSend\":\"1\"}",
          "{\"type\":\"heartbeat\"}",
          """
          {"type":"engineCommand","requestId":"1","command":"KILL","instrument":"EURUSD",
          "strategy":"trend","until":"5","reason":"x"}""");

  private final ExpandableArrayBuffer target = new ExpandableArrayBuffer(16);
  private final JsonRequests requests = new JsonRequests(new OneOfEach());

  private static final class OneOfEach implements Names {
    @Override
    public String instrument(int id) {
      return null;
    }

    @Override
    public int priceDecimals(int id) {
      return 0;
    }

    @Override
    public String strategy(int id) {
      return null;
    }

    @Override
    public String model(int id) {
      return null;
    }

    @Override
    public String featureSet(int id) {
      return null;
    }

    @Override
    public int instrumentId(String symbol) {
      return symbol.equals("EURUSD") ? 1 : 0;
    }

    @Override
    public int strategyId(String name) {
      return name.equals("trend") ? 2 : 0;
    }
  }

  private int encode(String json) throws BadRequestException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return requests.encode(bytes, 0, bytes.length, target);
  }

  @Test
  void encodesASubscribe() throws Exception {
    int length = encode(VALID.getFirst());
    assertThat(MessageCheck.check(target, 0, length)).isZero();
    SubscribeDecoder d = new SubscribeDecoder();
    d.wrapAndApplyHeader(target, 0, new MessageHeaderDecoder());
    assertThat(d.requestId()).isEqualTo(7);
    assertThat(d.channels().getRaw()).isEqualTo(1 | 8);
    assertThat(d.resume()).isEqualTo(BooleanType.T);
    assertThat(d.epoch()).isEqualTo(3);
    assertThat(d.fromOutSeq()).isEqualTo(99);
    assertThat(d.snapshot()).isEqualTo(BooleanType.T);
    assertThat(d.features()).isEqualTo(BooleanType.F);
    List<Object> entries = new ArrayList<>();
    d.instruments().forEach(i -> entries.add(i.symbol()));
    d.timeframes().forEach(t -> entries.add(t.seconds()));
    d.strategies().forEach(s -> entries.add(s.name()));
    assertThat(entries).containsExactly("EURUSD", "USDJPY", 60, 14_400, "trend");
  }

  @Test
  void encodesACommandByName() throws Exception {
    encode(VALID.getLast());
    EngineCommandDecoder d = new EngineCommandDecoder();
    d.wrapAndApplyHeader(target, 0, new MessageHeaderDecoder());
    assertThat(d.command()).isEqualTo(EngineCommandType.KILL);
    assertThat(d.instrumentId()).isEqualTo(1);
    assertThat(d.strategyId()).isEqualTo(2);
    assertThat(d.until()).isEqualTo(5);
  }

  /** In names that nothing reads, too; and nothing is taken for another encoding. */
  @Test
  void refusesWhatIsNotUtf8WhereverItStands() {
    String ping = "{\"type\":\"ping\",\"%s\":\"%s\"}";
    for (String wrong :
        List.of(
            "\u0080",
            "\u00c0\u00af",
            "\u00ed\u00a0\u0080",
            "\u00f5\u0080\u0080\u0080",
            "\u00e2\u0082")) {
      for (String text : List.of(ping.formatted(wrong, ""), ping.formatted("x", wrong))) {
        assertThat(refusal(text.getBytes(StandardCharsets.ISO_8859_1)))
            .isEqualTo("not valid UTF-8");
      }
    }
    for (Charset other : List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
      assertThat(refusal(ping.formatted("x", "").getBytes(other))).startsWith("not valid JSON");
    }
    assertThat(refusal(ping.formatted("é", "€").getBytes(StandardCharsets.UTF_8))).isNull();
  }

  private String refusal(byte[] json) {
    try {
      requests.encode(json, 0, json.length, target);
      return null;
    } catch (BadRequestException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
      return e.getMessage();
    }
  }

  /** Whatever is said: a message that decodes, or a refusal with a reason; nothing else. */
  private void sayAnything(String json) {
    try {
      int length = encode(json);
      if (length != JsonRequests.PING) {
        assertThat(MessageCheck.check(target, 0, length)).as(json).isEqualTo(MessageCheck.OK);
        assertThat(length).isGreaterThanOrEqualTo(MessageLayout.HEADER);
      }
    } catch (BadRequestException e) {
      assertThat(e.getMessage()).as(json).isNotBlank().hasSizeLessThan(200);
    }
  }

  @Property(tries = 1_000)
  void answersAnyText(@ForAll String text) {
    sayAnything(text);
    sayAnything("{\"type\":" + text + "}");
  }

  @Property(tries = 2_000)
  void answersDamagedRequests(@ForAll Random random) {
    StringBuilder text = new StringBuilder(VALID.get(random.nextInt(VALID.size())));
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, "{}[]\",:0-9.eE\\\u0000é".charAt(random.nextInt(16)));
        case 2 -> text.setCharAt(at, (char) random.nextInt(0x3000));
        default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 20)));
      }
    }
    sayAnything(text.toString());
  }
}
