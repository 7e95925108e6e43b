package io.semnal.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.SubscribeDecoder;
import io.semnal.protocol.sbe.SubscribeEncoder;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class MessageCheckTest {
  private static final int SCHEMA = 5331;

  /** The table is compared with the schema's text: least lengths of every message of version 1. */
  @Test
  void knowsTheLeastLengthOfEveryMessageInTheSchema() throws Exception {
    Document schema;
    try (InputStream in =
        MessageCheck.class.getResourceAsStream("/io/semnal/protocol/semnal.xml")) {
      schema = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
    }
    Map<String, Integer> sizes = sizes(schema);
    NodeList messages = schema.getElementsByTagName("sbe:message");
    assertThat(messages.getLength()).isGreaterThan(40);
    for (int i = 0; i < messages.getLength(); i++) {
      Element message = (Element) messages.item(i);
      int block = 0;
      int tail = 0;
      for (Node n = message.getFirstChild(); n != null; n = n.getNextSibling()) {
        if (n instanceof Element e && e.getAttribute("sinceVersion").isEmpty()) {
          switch (e.getTagName()) {
            case "field" -> block += sizes.get(e.getAttribute("type"));
            case "group" -> tail += 4;
            case "data" -> tail += e.getAttribute("type").equals("varLongText") ? 4 : 2;
            default -> throw new IllegalStateException(e.getTagName());
          }
        }
      }
      int template = Integer.parseInt(message.getAttribute("id"));
      String name = message.getAttribute("name");
      int whole = 8 + block + tail;
      assertThat(check(block, template, whole)).as(name).isEqualTo(MessageCheck.OK);
      assertThat(check(block, template, whole - 1)).as(name).isEqualTo(1);
      if (block > 0) {
        assertThat(check(block - 1, template, whole)).as(name).isEqualTo(1);
      }
    }
  }

  private static int check(int block, int template, int length) {
    return MessageCheck.check(message(block, template, SCHEMA, 1, length), 0, length);
  }

  private static UnsafeBuffer message(
      int block, int template, int schema, int version, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.max(8, length)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort((short) block).putShort((short) template);
    bytes.putShort((short) schema).putShort((short) version);
    return new UnsafeBuffer(bytes.array());
  }

  private static Map<String, Integer> sizes(Document schema) {
    Map<String, Integer> sizes =
        new HashMap<>(
            Map.of("uint8", 1, "char", 1, "uint16", 2, "int32", 4, "uint32", 4, "int64", 8));
    sizes.put("uint64", 8);
    sizes.put("double", 8);
    sizes.put("float", 4);
    for (String tag : new String[] {"type", "set", "enum"}) {
      NodeList types = schema.getElementsByTagName(tag);
      for (int i = 0; i < types.getLength(); i++) {
        Element e = (Element) types.item(i);
        String primitive = e.getAttribute(tag.equals("type") ? "primitiveType" : "encodingType");
        String length = e.getAttribute("length");
        sizes.put(
            e.getAttribute("name"),
            sizes.get(primitive) * (length.isEmpty() ? 1 : Integer.parseInt(length)));
      }
    }
    return sizes;
  }

  @Test
  void refusesOtherSchemasVersionsAndTemplates() {
    assertThat(MessageCheck.check(message(24, 52, 1, 1, 28), 0, 28)).isEqualTo(1);
    assertThat(MessageCheck.check(message(20, 52, SCHEMA, 0, 28), 0, 28))
        .isEqualTo(ErrorCode.UNSUPPORTED_VERSION.value());
    assertThat(MessageCheck.check(message(20, 52, SCHEMA, 9, 28), 0, 28)).isZero();
    for (int template : new int[] {0, 19, 62, 63, 64, 65535}) {
      assertThat(MessageCheck.check(message(20, template, SCHEMA, 1, 28), 0, 28))
          .isEqualTo(ErrorCode.UNEXPECTED_MESSAGE.value());
    }
  }

  @Test
  void refusesUnknownEnumerationsFromPeers() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    int length = subscribe(buffer, 0, 1, 1, 1);
    assertThat(MessageCheck.check(buffer, 0, length)).isZero();
    buffer.putByte(8 + SubscribeDecoder.snapshotEncodingOffset(), (byte) 2);
    assertThat(MessageCheck.check(buffer, 0, length)).isEqualTo(1);
  }

  @Test
  void everyTruncationIsMalformed() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    int whole = subscribe(buffer, 3, 2, 1, 2);
    for (int length = 0; length < whole; length++) {
      assertThat(MessageCheck.check(buffer, 3, length)).isEqualTo(1);
    }
    assertThat(MessageCheck.check(buffer, 3, whole)).isZero();
    assertThat(MessageCheck.check(new UnsafeBuffer(buffer, 3, whole - 1), 0, whole)).isEqualTo(1);
  }

  /**
   * Buffers end exactly where the message does and Agrona checks bounds: reading beyond throws.
   * What passes must be readable by its decoder.
   */
  @Test
  void neverReadsBeyondAndPassesOnlyWhatDecodes() {
    Random random = new Random(7);
    UnsafeBuffer good = new UnsafeBuffer(new byte[512]);
    int passed = 0;
    for (int i = 0; i < 100_000; i++) {
      int whole = subscribe(good, 0, random.nextInt(4), random.nextInt(4), random.nextInt(4));
      byte[] bytes =
          new byte[Math.max(0, whole - (random.nextInt(4) == 0 ? random.nextInt(whole) : 0))];
      good.getBytes(0, bytes);
      for (int n = random.nextInt(3); n > 0 && bytes.length > 0; n--) {
        int at =
            random.nextBoolean()
                ? random.nextInt(bytes.length)
                : random.nextInt(Math.min(45, bytes.length));
        bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(8));
      }
      UnsafeBuffer message = new UnsafeBuffer(bytes);
      if (MessageCheck.check(message, 0, bytes.length) == MessageCheck.OK
          && (message.getShort(2) & 0xFFFF) == SubscribeDecoder.TEMPLATE_ID) {
        passed++;
        decode(message);
      }
    }
    assertThat(passed).isGreaterThan(10_000);
  }

  @Test
  void negativeControlUncheckedDecoderReadsBeyond() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    int whole = subscribe(buffer, 0, 2, 2, 2);
    UnsafeBuffer cut = new UnsafeBuffer(buffer, 0, whole - 1);
    assertThatThrownBy(() -> decode(cut)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static void decode(UnsafeBuffer message) {
    SubscribeDecoder d = new SubscribeDecoder();
    d.wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
    d.requestId();
    d.channels();
    d.resume();
    d.epoch();
    d.fromOutSeq();
    d.snapshot();
    d.features();
    d.instruments().forEach(g -> g.symbol());
    d.timeframes().forEach(g -> g.seconds());
    d.strategies().forEach(g -> g.name());
  }

  private static int subscribe(
      UnsafeBuffer buffer, int offset, int symbols, int frames, int names) {
    SubscribeEncoder e = new SubscribeEncoder();
    e.wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder());
    e.requestId(5);
    e.channels().clear().signals(true);
    e.resume(BooleanType.T).epoch(1).fromOutSeq(2).snapshot(BooleanType.F).features(BooleanType.F);
    SubscribeEncoder.InstrumentsEncoder instruments = e.instrumentsCount(symbols);
    for (int i = 0; i < symbols; i++) {
      instruments.next().symbol("EURUSD");
    }
    SubscribeEncoder.TimeframesEncoder timeframes = e.timeframesCount(frames);
    for (int i = 0; i < frames; i++) {
      timeframes.next().seconds(60);
    }
    SubscribeEncoder.StrategiesEncoder strategies = e.strategiesCount(names);
    for (int i = 0; i < names; i++) {
      strategies.next().name("fx-core");
    }
    return 8 + e.encodedLength();
  }
}
