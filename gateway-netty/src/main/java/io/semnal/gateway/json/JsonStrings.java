package io.semnal.gateway.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;

/** Writes lists of texts as JSON. */
public final class JsonStrings {
  private JsonStrings() {}

  /** An array of strings. */
  public static String array(List<String> texts) {
    StringBuilder out = new StringBuilder("[");
    for (String text : texts) {
      out.append(out.length() > 1 ? "," : "").append('"');
      JsonStringEncoder.getInstance().quoteAsString(text, out);
      out.append('"');
    }
    return out.append(']').toString();
  }
}
