package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * A journaled message as names and values, for whoever would rather not decode. Immutable.
 *
 * @param side the queue that it stands in
 * @param sequence {@code journalSeq}, {@code outSeq}, or of a challenger's score {@code causeSeq}
 * @param time engine time, UTC nanoseconds since the epoch
 * @param type the schema's name of the message, such as {@code Quote}
 * @param fields by name, in the schema's order: numbers, text, exact {@link BigDecimal} prices and
 *     quantities, {@link Instant} times, lists for sets and groups; {@code null} where absent
 */
public record DecodedMessage(
    Side side, long sequence, long time, String type, Map<String, Object> fields) {
  public DecodedMessage {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  static DecodedMessage of(MessageDecoding decoding, Side side, DirectBuffer buffer, int offset) {
    return new DecodedMessage(
        side,
        side.sequence(buffer, offset),
        side.time(buffer, offset),
        MessageFields.templateName(MessageLayout.templateId(buffer, offset)),
        decoding.decode(buffer, offset));
  }

  /** One line: side, sequence, time, type, then {@code name=value} for every other field. */
  public String line() {
    StringBuilder text = new StringBuilder();
    text.append(side.folder()).append(" #").append(sequence).append(' ');
    text.append(Instant.ofEpochSecond(0, time)).append(' ').append(type);
    fields.forEach(
        (name, value) -> {
          if (!name.equals(side.sequenceName()) && !name.equals("time")) {
            text.append(' ').append(name).append('=');
            appendText(text, value);
          }
        });
    return text.toString();
  }

  private static void appendText(StringBuilder text, Object value) {
    switch (value) {
      case null -> text.append('-');
      case BigDecimal exact -> text.append(exact.toPlainString());
      case String words when words.isEmpty() || words.chars().anyMatch(c -> c <= ' ' || c == '"') ->
          appendQuoted(text, words);
      default -> text.append(value);
    }
  }

  /** One line of JSON. Prices are numbers with all their decimals, times ISO-8601 text. */
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("side", side.folder());
    all.put("type", type);
    all.putAll(fields);
    StringBuilder text = new StringBuilder();
    appendJson(text, all);
    return text.toString();
  }

  private static void appendJson(StringBuilder text, Object value) {
    switch (value) {
      case null -> text.append("null");
      case BigDecimal exact -> text.append(exact.toPlainString());
      case Double d when !Double.isFinite(d) -> text.append("null");
      case Float f when !Float.isFinite(f) -> text.append("null");
      case Number number -> text.append(number);
      case Boolean flag -> text.append(flag);
      case Map<?, ?> map -> {
        String before = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          text.append(before);
          appendQuoted(text, entry.getKey().toString());
          text.append(':');
          appendJson(text, entry.getValue());
          before = ",";
        }
        text.append(map.isEmpty() ? "{}" : "}");
      }
      case List<?> list -> {
        String before = "[";
        for (Object item : list) {
          text.append(before);
          appendJson(text, item);
          before = ",";
        }
        text.append(list.isEmpty() ? "[]" : "]");
      }
      default -> appendQuoted(text, value.toString());
    }
  }

  private static void appendQuoted(StringBuilder text, String words) {
    text.append('"');
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        default -> {
          if (c < ' ') {
            text.append(String.format("\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
