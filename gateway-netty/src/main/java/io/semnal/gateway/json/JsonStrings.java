package io.semnal.gateway.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.stream.Collectors;

/** Writes texts as JSON. */
public final class JsonStrings {
  private JsonStrings() {}

  /** A string, with its quotes. */
  public static String of(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** An array of strings. */
  public static String array(List<String> texts) {
    return texts.stream().map(JsonStrings::of).collect(Collectors.joining(",", "[", "]"));
  }
}
