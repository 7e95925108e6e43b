package io.semnal.gateway.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.semnal.protocol.sbe.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The fields of one JSON request, each asked for by the type that it must have. */
final class JsonFields {
  private static final int DEPTH = 8;
  private static final int STRING = 4096;
  private static final int NUMBER = 32;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // UTF-8 it is, whatever the first bytes look like.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  .maxStringLength(STRING)
                  .maxNameLength(STRING)
                  .maxNumberLength(NUMBER)
                  .build())
          .build();

  private final Map<String, Object> fields = new HashMap<>();
  private long requestId;

  private JsonFields() {}

  static JsonFields parse(byte[] json, int offset, int length) throws BadRequestException {
    JsonFields fields = new JsonFields();
    if (!isUtf8(json, offset, length)) {
      throw fields.malformed("not valid UTF-8");
    }
    try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw fields.malformed("expected one JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        fields.fields.put(name, value(parser));
      }
      if (parser.nextToken() != null) {
        throw fields.malformed("expected one JSON object and nothing after it");
      }
    } catch (IOException e) {
      throw fields.malformed("not valid JSON at byte " + where(e));
    }
    fields.requestId = fields.int64("requestId", 0);
    return fields;
  }

  /** The parser lets some of what is not pass where it needs no text of it, in names above all. */
  private static boolean isUtf8(byte[] json, int offset, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json, offset, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static long where(IOException e) {
    return e instanceof com.fasterxml.jackson.core.JsonProcessingException j
            && j.getLocation() != null
        ? j.getLocation().getByteOffset()
        : -1;
  }

  /** Numbers stay text; an inner object counts as unknown. */
  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.nextToken()) {
      case VALUE_STRING, VALUE_NUMBER_INT -> parser.getText();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case START_ARRAY -> array(parser);
      case START_OBJECT -> {
        parser.skipChildren();
        yield JsonToken.START_OBJECT;
      }
      case VALUE_NULL -> null;
      case VALUE_NUMBER_FLOAT -> JsonToken.VALUE_NUMBER_FLOAT;
      default -> throw new IOException("unexpected token");
    };
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> values = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      if (t == null) {
        throw new IOException("array without an end");
      }
      if (t == JsonToken.VALUE_STRING) {
        values.add(parser.getText());
      } else {
        parser.skipChildren();
        values.add(t);
      }
    }
    return values;
  }

  BadRequestException malformed(String text) {
    return new BadRequestException(ErrorCode.MALFORMED, requestId, text);
  }

  long requestId() {
    return requestId;
  }

  String text(String name, String otherwise) throws BadRequestException {
    Object value = fields.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text) {
      return text;
    }
    throw malformed("'" + name + "' must be a string");
  }

  String required(String name) throws BadRequestException {
    String text = text(name, null);
    if (text == null) {
      throw malformed("'" + name + "' is missing");
    }
    return text;
  }

  /** A 64-bit number, given as a string or as a number. */
  long int64(String name, long otherwise) throws BadRequestException {
    String text = text(name, null);
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw malformed("'" + name + "' must be a 64-bit integer");
    }
  }

  int int32(String name, int least, int most) throws BadRequestException {
    long value = int64(name, Long.MIN_VALUE);
    if (value < least || value > most) {
      throw malformed("'" + name + "' must be an integer from " + least + " to " + most);
    }
    return (int) value;
  }

  boolean bool(String name) throws BadRequestException {
    Object value = fields.get(name);
    if (value == null) {
      return false;
    }
    if (value instanceof Boolean b) {
      return b;
    }
    throw malformed("'" + name + "' must be true or false");
  }

  byte[] hex(String name, int mostBytes) throws BadRequestException {
    String text = required(name);
    if (text.length() > mostBytes * 2) {
      throw malformed("'" + name + "' is longer than " + mostBytes + " bytes");
    }
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw malformed("'" + name + "' must be hexadecimal");
    }
  }

  /** An array of strings; empty if absent. */
  List<String> texts(String name, int most) throws BadRequestException {
    Object value = fields.get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw malformed("'" + name + "' must be an array of strings");
    }
    if (list.size() > most) {
      throw malformed("'" + name + "' has more than " + most + " entries");
    }
    List<String> texts = new ArrayList<>();
    for (Object o : list) {
      if (!(o instanceof String text)) {
        throw malformed("'" + name + "' must be an array of strings");
      }
      texts.add(text);
    }
    return texts;
  }
}
