package io.semnal.fix.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is a message, what is none, and where reading goes on. */
class FixTokenizerTest {
  private static final String HEADER = "35=0|34=2|49=A|52=20261122-10:00:00|56=B|";

  @Test
  void readsFieldsInTheirOrder() {
    FixMessage message = Messages.message(HEADER + "58=hello|44=-1.25|-7=x|58=|");
    assertThat(message.version()).isEqualTo(FixVersion.FIX44);
    assertThat(message.msgType()).isEqualTo(MsgType.HEARTBEAT);
    assertThat(message.fieldCount()).isEqualTo(9);
    assertThat(message.integer(34)).isEqualTo(2);
    assertThat(message.text(58)).isEqualTo("hello");
    assertThat(message.decimal(44)).isEqualTo(-125_000_000);
    assertThat(message.tag(7)).isEqualTo(-7);
    assertThat(message.valueLength(8)).isZero();
    assertThat(message.has(59)).isFalse();
    assertThat(message.integer(58)).isEqualTo(FixMessage.NONE);
  }

  @Test
  void keepsSeparatorsInsideDataFields() {
    FixMessage message =
        Messages.read(Messages.whole("FIX.4.2", HEADER + "95=7|96=a\1b=c\1d|58=end|"));
    assertThat(message.text(96)).isEqualTo("a\1b=c\1d");
    assertThat(message.text(58)).isEqualTo("end");
  }

  @ParameterizedTest
  @CsvSource({
    "9=-5|35=0|10=000|, BODY_LENGTH",
    "9=|35=0|10=000|, BODY_LENGTH",
    "9=99999999999|35=0|, BODY_LENGTH",
    "9=4000000|35=0|, TOO_LONG",
    "9=5|34=2|10=000|, HEADER_ORDER",
    "35=0|9=5|10=000|, HEADER_ORDER",
    "9=5|35=0|35=0|34=1|, NO_CHECKSUM",
    "9=5|35=0|10=999|, WRONG_CHECKSUM",
    "9=5|35=0|10=1|8=FIX, NO_CHECKSUM"
  })
  void namesWhatIsWrong(String rest, GarbledReason reason) {
    byte[] bytes = Messages.bytes(("8=FIX.4.4|" + rest).replace('|', '\1'));
    FixTokenizer tokenizer = new FixTokenizer();
    assertThat(tokenizer.next(new UnsafeBuffer(bytes), 0, bytes.length, new FixMessage()))
        .isEqualTo(FixTokenizer.GARBLED);
    assertThat(tokenizer.reason()).isEqualTo(reason);
    assertThat(tokenizer.consumed()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "4x9=A|, FIELD_FORM",
    "novalue|, FIELD_FORM",
    "=A|, FIELD_FORM",
    "1234567890=A|, FIELD_FORM",
    "95=100|96=short|, DATA_LENGTH",
    "95=2|96=long|, DATA_LENGTH"
  })
  void namesWhatIsWrongInAFieldThoughLengthAndChecksumAreRight(String field, GarbledReason reason) {
    byte[] bytes = Messages.whole("FIX.4.4", HEADER + field);
    FixTokenizer tokenizer = new FixTokenizer();
    assertThat(tokenizer.next(new UnsafeBuffer(bytes), 0, bytes.length, new FixMessage()))
        .isEqualTo(FixTokenizer.GARBLED);
    assertThat(tokenizer.reason()).isEqualTo(reason);
    assertThat(tokenizer.consumed()).isEqualTo(bytes.length);
  }

  @Test
  void refusesMoreFieldsThanAllowed() {
    byte[] bytes = Messages.whole("FIX.4.4", HEADER + "1=1|".repeat(200));
    FixTokenizer tokenizer = new FixTokenizer();
    assertThat(tokenizer.next(new UnsafeBuffer(bytes), 0, bytes.length, new FixMessage(150)))
        .isEqualTo(FixTokenizer.GARBLED);
    assertThat(tokenizer.reason()).isEqualTo(GarbledReason.TOO_MANY_FIELDS);
  }

  @Test
  void asksForMoreAtEveryCutOfAMessage() {
    byte[] bytes = Messages.whole("FIX.4.4", HEADER + "58=x|");
    FixTokenizer tokenizer = new FixTokenizer();
    for (int length = 0; length < bytes.length; length++) {
      assertThat(tokenizer.next(new UnsafeBuffer(bytes), 0, length, new FixMessage()))
          .isEqualTo(FixTokenizer.INCOMPLETE);
      assertThat(tokenizer.consumed()).isZero();
    }
  }

  @Test
  void skipsWhatStandsBetweenMessages() {
    byte[] stream =
        Messages.bytes(
            "\r\ngarbage 8=F 8=FIX"
                + text(HEADER + "58=1|")
                + "8=8=FI\n"
                + text(HEADER + "58=2|")
                + "8=FIX.4.4\0019=9999\00110=000\001"
                + text(HEADER + "58=3|")
                + text(HEADER + "58=4|").replace("10=", "1 =")
                + text(HEADER + "58=5|")
                + "8=FIX.4");
    assertThat(texts(stream)).containsExactly("1", "2", "3", "5");
  }

  private static String text(String body) {
    return new String(Messages.whole("FIX.4.4", body), StandardCharsets.ISO_8859_1);
  }

  private static List<String> texts(byte[] stream) {
    UnsafeBuffer buffer = new UnsafeBuffer(stream);
    FixTokenizer tokenizer = new FixTokenizer();
    FixMessage message = new FixMessage();
    List<String> texts = new ArrayList<>();
    int at = 0;
    int outcome;
    do {
      outcome = tokenizer.next(buffer, at, stream.length - at, message);
      at += tokenizer.consumed();
      if (outcome == FixTokenizer.MESSAGE) {
        texts.add(message.text(58));
      }
    } while (outcome != FixTokenizer.INCOMPLETE);
    return texts;
  }

  @Test
  void readsGroupsInAnyInnerOrder() {
    FixMessage message =
        Messages.message(
            "35=W|34=2|49=A|52=20261122-10:00:00|56=B|55=EUR/USD|268=3|"
                + "269=0|271=5|270=1.1|269=1|270=1.2|269=4|58=close|270=1.15|");
    FixGroup group = new FixGroup();
    assertThat(group.open(message, Tag.NO_MD_ENTRIES)).isEqualTo(3);
    StringBuilder seen = new StringBuilder();
    while (group.next()) {
      seen.append(group.character(269)).append(group.decimal(270)).append(' ');
    }
    assertThat(seen).hasToString("0110000000 1120000000 4115000000 ");
    assertThat(group.seen()).isEqualTo(3);
  }

  @Test
  void endsAGroupAtTheFirstTagThatIsNotItsOwnAndAtItsCount() {
    FixMessage message = Messages.message(HEADER + "268=2|270=1|269=0|270=2|269=1|58=after|270=3|");
    FixGroup group = new FixGroup();
    group.open(message, 268, TagSet.of(269, 270));
    assertThat(group.next()).isTrue();
    assertThat(group.next()).isTrue();
    assertThat(group.find(58)).isNegative();
    assertThat(group.next()).isFalse();

    group.open(Messages.message(HEADER + "268=3|270=1|58=x|"), 268, TagSet.of(270));
    assertThat(group.next()).isTrue();
    assertThat(group.next()).isFalse();
    assertThat(group.seen()).isNotEqualTo(group.declared());
  }

  @Test
  void readsGroupsInsideGroups() {
    FixMessage message =
        Messages.message(
            HEADER + "296=2|302=S1|295=2|299=a|188=1|299=b|188=2|302=S2|295=1|299=c|188=3|");
    FixGroup sets = new FixGroup();
    FixGroup entries = new FixGroup();
    StringBuilder seen = new StringBuilder();
    sets.open(message, Tag.NO_QUOTE_SETS);
    while (sets.next()) {
      entries.open(sets, Tag.NO_QUOTE_ENTRIES);
      while (entries.next()) {
        seen.append(sets.text(302)).append(entries.text(299)).append(' ');
      }
    }
    assertThat(seen).hasToString("S1a S1b S2c ");
  }
}
