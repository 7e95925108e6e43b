package io.semnal.gateway.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes the JSON objects of answers. */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Writes an object's fields. */
  interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  private Json() {}

  /** One object and a line feed. */
  static byte[] object(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      fields.write(out);
      out.writeEndObject();
      out.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** A number; null unless finite. */
  static void real(JsonGenerator out, String name, double value) throws IOException {
    if (Double.isFinite(value)) {
      out.writeNumberField(name, value);
    } else {
      out.writeNullField(name);
    }
  }

  /** A value that is JSON already. */
  static void raw(JsonGenerator out, byte[] json, int length) throws IOException {
    out.writeRawValue(new String(json, 0, length, StandardCharsets.US_ASCII));
  }
}
