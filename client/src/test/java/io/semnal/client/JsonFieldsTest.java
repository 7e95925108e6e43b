package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonFieldsTest {
  private static final String WHOLE =
      " {\"type\":\"x\\u00e9\\n\\\"\", \"n\" : -12 ,\"s\":\"34\",\"a\":[\"]\",{\"q\":1}],\"t\":true,"
          + "\"o\":{\"type\":\"y\"},\"z\":null}";

  @Test
  void readsTopLevelFields() throws IOException {
    JsonFields fields = JsonFields.parse(WHOLE);
    assertThat(fields.text("type")).isEqualTo("xé\n\"");
    assertThat(fields.number("n")).isEqualTo(-12);
    assertThat(fields.number("s")).isEqualTo(34);
    assertThat(fields.text("a")).isEqualTo("[\"]\",{\"q\":1}]");
    assertThat(fields.flag("t")).isTrue();
    assertThat(fields.text("missing")).isEmpty();
    assertThat(JsonFields.parse("{}").text("x")).isEmpty();
    assertThat(JsonFields.parse("{\"x\":" + JsonFields.quote("a\"\\\n") + "}").text("x"))
        .isEqualTo("a\"\\\n");
  }

  /** Whatever the server sends is read or refused in words, never by another exception. */
  @Test
  void refusesDamageInWords() {
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(WHOLE.substring(0, random.nextInt(WHOLE.length())));
      for (int n = random.nextInt(4); n > 0 && !text.isEmpty(); n--) {
        text.setCharAt(random.nextInt(text.length()), "{}[]\",:\\u1 ".charAt(random.nextInt(11)));
      }
      try {
        JsonFields.parse(text.toString());
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(19_000);
  }
}
