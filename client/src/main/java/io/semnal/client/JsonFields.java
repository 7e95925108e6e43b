package io.semnal.client;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The top-level fields of one JSON object, as far as a session needs them: strings unescaped,
 * numbers and literals as written, arrays and objects as their text.
 */
final class JsonFields {
  private final String json;
  private final Map<String, String> fields = new HashMap<>();
  private int at;

  private JsonFields(String json) {
    this.json = json;
  }

  static JsonFields parse(String json) throws IOException {
    JsonFields fields = new JsonFields(json);
    try {
      fields.object();
    } catch (StringIndexOutOfBoundsException | NumberFormatException e) {
      throw fields.malformed();
    }
    return fields;
  }

  /** The field, or an empty text. */
  String text(String name) {
    return fields.getOrDefault(name, "");
  }

  /** The field as a whole number, quoted or not; 0 where it is missing. */
  long number(String name) throws IOException {
    String text = text(name);
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("the server sent '" + name + "' that is no number", e);
    }
  }

  boolean flag(String name) {
    return text(name).equals("true");
  }

  private void object() throws IOException {
    expect('{');
    if (peek() == '}') {
      return;
    }
    do {
      skipSpace();
      String name = string();
      expect(':');
      fields.put(name, value());
      skipSpace();
    } while (json.charAt(at++) == ',');
    if (json.charAt(at - 1) != '}') {
      throw malformed();
    }
  }

  private String value() throws IOException {
    char first = peek();
    if (first == '"') {
      return string();
    }
    int from = at;
    if (first == '{' || first == '[') {
      skipNested();
    } else {
      while (",}] \t\r\n".indexOf(json.charAt(at)) < 0) {
        at++;
      }
    }
    return json.substring(from, at);
  }

  private void skipNested() throws IOException {
    int depth = 0;
    do {
      char c = json.charAt(at);
      if (c == '"') {
        string();
        continue;
      }
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      at++;
    } while (depth > 0);
  }

  private String string() throws IOException {
    expect('"');
    StringBuilder text = new StringBuilder();
    for (char c = json.charAt(at++); c != '"'; c = json.charAt(at++)) {
      text.append(c == '\\' ? escaped() : c);
    }
    return text.toString();
  }

  private char escaped() throws IOException {
    char c = json.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(json.substring(at - 4, at), 16);
      }
      default -> throw malformed();
    };
  }

  private char peek() {
    skipSpace();
    return json.charAt(at);
  }

  private void expect(char c) throws IOException {
    if (peek() != c) {
      throw malformed();
    }
    at++;
  }

  private void skipSpace() {
    while (" \t\r\n".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
  }

  private IOException malformed() {
    return new IOException("the server sent what is no JSON object, near character " + at);
  }

  /** A JSON string of any text. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
