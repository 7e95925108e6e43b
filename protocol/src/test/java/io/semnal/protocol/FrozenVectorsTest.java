package io.semnal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Every message of the schema's version 1, as bytes that were written once: what stands in journals
 * must be read for ever. A later version appends its own file and leaves this one alone.
 *
 * <p>Fields hold the numbers 1, 2, 3 … in the order of the schema (enums and sets the choice that
 * is first by name, texts their own name, groups two entries).
 */
class FrozenVectorsTest {
  private static final String FILE = "vectors-1.txt";
  private static final String CODECS = "io.semnal.protocol.sbe.";

  @TestFactory
  Stream<DynamicTest> everyMessageEncodesToItsFrozenBytes() throws Exception {
    Map<String, byte[]> frozen = frozen();
    return messages().stream()
        .map(
            message ->
                DynamicTest.dynamicTest(
                    message.getAttribute("name"),
                    () ->
                        assertThat(HexFormat.of().formatHex(encode(message)))
                            .isEqualTo(
                                HexFormat.of()
                                    .formatHex(
                                        frozen.getOrDefault(
                                            message.getAttribute("name"), new byte[0])))));
  }

  @Test
  void everyFrozenMessageIsStillInTheSchema() throws Exception {
    assertThat(messages().stream().map(m -> m.getAttribute("name")).toList())
        .containsAll(frozen().keySet());
  }

  @TestFactory
  Stream<DynamicTest> sequenceAndTopicStandAtTheirOffsets() throws Exception {
    return frozen().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      MutableDirectBuffer buffer = new ExpandableArrayBuffer();
                      buffer.putBytes(0, entry.getValue());
                      int template = MessageLayout.templateId(buffer, 0);
                      if (MessageLayout.isInbound(template)) {
                        assertThat(MessageLayout.journalSeq(buffer, 0)).isEqualTo(1);
                        assertThat(MessageLayout.inboundTime(buffer, 0)).isEqualTo(2);
                      } else if (MessageLayout.isOutbound(template)) {
                        assertThat(MessageLayout.outSeq(buffer, 0)).isEqualTo(1);
                        assertThat(MessageLayout.causeSeq(buffer, 0)).isEqualTo(2);
                        assertThat(MessageLayout.streamSeq(buffer, 0)).isEqualTo(3);
                        assertThat(MessageLayout.outboundTime(buffer, 0)).isEqualTo(4);
                        assertThat(MessageLayout.instrumentId(buffer, 0)).isEqualTo(5);
                        assertThat(MessageLayout.timeframe(buffer, 0)).isEqualTo(6);
                        assertThat(MessageLayout.strategyId(buffer, 0)).isEqualTo(7);
                      }
                    }));
  }

  private static Map<String, byte[]> frozen() throws IOException {
    Map<String, byte[]> vectors = new LinkedHashMap<>();
    try (InputStream in = FrozenVectorsTest.class.getResourceAsStream(FILE)) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
        String[] parts = line.split(" ");
        vectors.put(parts[0], HexFormat.of().parseHex(parts[1]));
      }
    }
    return vectors;
  }

  private static List<Element> messages() throws Exception {
    try (InputStream in = MessageLayout.class.getResourceAsStream("semnal.xml")) {
      NodeList nodes =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(in)
              .getElementsByTagName("sbe:message");
      return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1)
          .map(i -> (Element) nodes.item(i))
          .sorted(Comparator.comparingInt(m -> Integer.parseInt(m.getAttribute("id"))))
          .toList();
    }
  }

  /** Writes a message by its schema element and the generated encoder. */
  static byte[] encode(Element message) throws Exception {
    Class<?> type = Class.forName(CODECS + message.getAttribute("name") + "Encoder");
    Object encoder = type.getConstructor().newInstance();
    MutableDirectBuffer buffer = new ExpandableArrayBuffer();
    type.getMethod(
            "wrapAndApplyHeader", MutableDirectBuffer.class, int.class, MessageHeaderEncoder.class)
        .invoke(encoder, buffer, 0, new MessageHeaderEncoder());
    fill(encoder, message);
    int length =
        MessageHeaderDecoder.ENCODED_LENGTH + (int) type.getMethod("encodedLength").invoke(encoder);
    byte[] bytes = new byte[length];
    buffer.getBytes(0, bytes);
    return bytes;
  }

  private static void fill(Object encoder, Element element) throws Exception {
    int number = 0;
    NodeList children = element.getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      if (children.item(i) instanceof Element child) {
        String name = child.getAttribute("name");
        switch (child.getTagName()) {
          case "field" -> field(encoder, name, ++number);
          case "data" -> data(encoder, name);
          case "group" -> group(encoder, name, child);
          default -> throw new AssertionError(child.getTagName());
        }
      }
    }
  }

  private static void field(Object encoder, String name, int number) throws Exception {
    for (Method method : encoder.getClass().getMethods()) {
      if (method.getName().equals(name)) {
        Parameter[] parameters = method.getParameters();
        if (parameters.length == 0) {
          set(method.invoke(encoder));
          return;
        }
        if (parameters.length == 2 && parameters[0].getType() == int.class) {
          int length = (int) encoder.getClass().getMethod(name + "Length").invoke(null);
          for (int i = 0; i < length; i++) {
            method.invoke(encoder, i, value(parameters[1].getType(), 'A' + (number + i) % 26));
          }
          return;
        }
        if (parameters.length == 1
            && !CharSequence.class.isAssignableFrom(parameters[0].getType())) {
          method.invoke(encoder, value(parameters[0].getType(), number));
          return;
        }
      }
    }
    throw new AssertionError("no way to set " + name);
  }

  /** Sets the choice that is first by name. */
  private static void set(Object flags) throws ReflectiveOperationException {
    Stream.of(flags.getClass().getMethods())
        .filter(m -> m.getParameterCount() == 1 && m.getParameterTypes()[0] == boolean.class)
        .min(Comparator.comparing(Method::getName))
        .orElseThrow()
        .invoke(flags, true);
  }

  private static Object value(Class<?> type, int number) {
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    return switch (type.getName()) {
      case "byte" -> (byte) number;
      case "short" -> (short) number;
      case "int" -> number;
      case "long" -> (long) number;
      case "double" -> (double) number;
      default -> throw new AssertionError(type.getName());
    };
  }

  private static void data(Object encoder, String name) throws Exception {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    String put = "put" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    encoder
        .getClass()
        .getMethod(put, byte[].class, int.class, int.class)
        .invoke(encoder, text, 0, text.length);
  }

  private static void group(Object encoder, String name, Element element)
      throws Exception, InvocationTargetException {
    Object group = encoder.getClass().getMethod(name + "Count", int.class).invoke(encoder, 2);
    for (int i = 0; i < 2; i++) {
      group.getClass().getMethod("next").invoke(group);
      fill(group, element);
    }
  }

  /** Prints the vectors of the present schema: how a later version's file is made. */
  public static void main(String[] args) throws Exception {
    for (Element message : messages()) {
      System.out.println(
          message.getAttribute("name") + " " + HexFormat.of().formatHex(encode(message)));
    }
  }
}
