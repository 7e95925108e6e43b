package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.agrona.DirectBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;

/**
 * Names the fields of any message of the schema, and shows their values, through the generated
 * decoders. Reflection: for reports only.
 */
final class MessageFields {
  private static final String PACKAGE = "io.semnal.protocol.sbe.";
  private static final String OFFSET = "EncodingOffset";
  private static final List<String> NAMES =
      List.of(
          "RunHeader",
          "DefineInstrument",
          "Quote",
          "ConflatedQuote",
          "HistoricalBar",
          "Clock",
          "FeedStatus",
          "ModelActivation",
          "EngineCommand",
          "DefineSource",
          "InstrumentDefinition",
          "StrategyDefinition",
          "ModelDefinition",
          "FeatureSetDefinition",
          "Bar",
          "Score",
          "Signal",
          "SignalEvent",
          "FeedQuality",
          "Discontinuity",
          "EngineStatus");

  private MessageFields() {}

  /**
   * A field of the root block.
   *
   * @param offset from the start of the SBE header
   */
  record Field(String name, int offset, int length) {}

  /** The schema's name of a template, or its number. */
  static String templateName(int templateId) {
    Class<?> type = type(templateId);
    return type == null ? "template " + templateId : type.getSimpleName().replace("Decoder", "");
  }

  /** The fields of a template's root block, in order. */
  static List<Field> fields(int templateId) {
    List<Field> fields = new ArrayList<>();
    Class<?> type = type(templateId);
    if (type != null) {
      for (Method method : type.getMethods()) {
        if (method.getName().endsWith(OFFSET) && method.getParameterCount() == 0) {
          String name = method.getName().substring(0, method.getName().length() - OFFSET.length());
          fields.add(
              new Field(
                  name,
                  MessageLayout.HEADER + constant(type, name + OFFSET),
                  constant(type, name + "EncodingLength")));
        }
      }
    }
    fields.sort(Comparator.comparingInt(Field::offset));
    return fields;
  }

  /** The variable-length fields of a template that stand on its top level. */
  static List<String> variableFields(int templateId) {
    List<String> names = new ArrayList<>();
    Class<?> type = type(templateId);
    if (type != null) {
      for (Method method : type.getMethods()) {
        if (method.getName().endsWith("HeaderLength") && method.getParameterCount() == 0) {
          names.add(method.getName().replace("HeaderLength", ""));
        }
      }
    }
    return names;
  }

  /** A field's value in words; its bytes in hex where the decoder cannot tell. */
  static String value(DirectBuffer message, int length, Field field) {
    Class<?> type = type(MessageLayout.templateId(message, 0));
    try {
      MessageDecoderFlyweight decoder = decoder(type, message);
      return String.valueOf(type.getMethod(field.name()).invoke(decoder));
    } catch (NoSuchMethodException | InvocationTargetException e) {
      return hex(message, field.offset(), Math.min(length, field.offset() + field.length()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is not as generated", e);
    }
  }

  /** The whole message, as the generated decoder shows it. */
  static String describe(DirectBuffer message, int length) {
    Class<?> type = type(MessageLayout.templateId(message, 0));
    if (type == null) {
      return "an unknown message: " + hex(message, 0, length);
    }
    try {
      return decoder(type, message).toString();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is not as generated", e);
    }
  }

  static String hex(DirectBuffer message, int from, int to) {
    StringBuilder text = new StringBuilder("0x");
    for (int i = from; i < to; i++) {
      text.append(String.format(Locale.ROOT, "%02x", message.getByte(i)));
    }
    return text.toString();
  }

  private static MessageDecoderFlyweight decoder(Class<?> type, DirectBuffer message)
      throws ReflectiveOperationException {
    return decoder(type, message, 0);
  }

  static MessageDecoderFlyweight decoder(Class<?> type, DirectBuffer message, int offset)
      throws ReflectiveOperationException {
    MessageDecoderFlyweight decoder = (MessageDecoderFlyweight) type.getConstructor().newInstance();
    MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(message, offset);
    decoder.wrap(message, offset + MessageLayout.HEADER, header.blockLength(), header.version());
    return decoder;
  }

  /** The generated decoder of a template, or {@code null}. */
  static Class<?> type(int templateId) {
    for (String name : NAMES) {
      try {
        Class<?> type = Class.forName(PACKAGE + name + "Decoder");
        if (type.getField("TEMPLATE_ID").getInt(null) == templateId) {
          return type;
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(name + " has no generated decoder", e);
      }
    }
    return null;
  }

  private static int constant(Class<?> type, String method) {
    try {
      return (int) type.getMethod(method).invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is not as generated", e);
    }
  }
}
