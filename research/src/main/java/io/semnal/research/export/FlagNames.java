package io.semnal.research.export;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The names of a set of flags, with a bar between them, {@code ok} where none is set; kept. */
final class FlagNames {
  private final Map<Integer, String> names = new HashMap<>();
  private final StringBuilder text = new StringBuilder();

  /**
   * @param appendTo appends the set as the generated codec does: {@code {crossed,late}}
   */
  String of(int bits, Consumer<StringBuilder> appendTo) {
    if (bits == 0) {
      return "ok";
    }
    String known = names.get(bits);
    if (known == null) {
      text.setLength(0);
      appendTo.accept(text);
      known = text.substring(1, text.length() - 1).replace(',', '|');
      names.put(bits, known);
    }
    return known;
  }
}
