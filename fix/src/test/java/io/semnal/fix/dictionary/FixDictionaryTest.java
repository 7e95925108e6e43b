package io.semnal.fix.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixTokenizer;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.Messages;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import quickfix.ConfigError;
import quickfix.DataDictionary;
import quickfix.FieldType;

/** Our dictionaries beside QuickFIX/J's, and what they say of messages. */
class FixDictionaryTest {
  private static final String HEADER = "34=2|49=A|52=20261122-10:00:00|56=B|";
  private static final Map<FixVersion, String> FILES =
      Map.of(FixVersion.FIX42, "fix42.dict", FixVersion.FIX44, "fix44.dict");

  @ParameterizedTest
  @EnumSource(names = {"FIX42", "FIX44"})
  void definesTheFieldsThatQuickFixDefinesAndInTheSameForms(FixVersion version) throws ConfigError {
    DataDictionary theirs = new DataDictionary(version.name() + ".xml");
    io.semnal.fix.dictionary.FieldType[] ours = DictionaryFile.resource(FILES.get(version)).types();
    for (int tag = 1; tag < ours.length; tag++) {
      boolean ourOwn = version == FixVersion.FIX42 && (tag == 553 || tag == 554 || tag == 789);
      if (!ourOwn) {
        assertThat(ours[tag] != null).as("tag " + tag).isEqualTo(theirs.isField(tag));
      }
      if (ours[tag] != null && !ourOwn) {
        assertThat(form(theirs.getFieldType(tag))).as("tag " + tag).contains(ours[tag].name());
      }
    }
  }

  /** The forms of ours that go with a type of theirs. */
  private static String form(FieldType type) {
    return switch (type.name()) {
      case "INT", "LENGTH", "SEQNUM", "DAYOFMONTH", "NUMINGROUP" -> "INTEGER COUNT";
      case "PRICE", "QTY", "AMT", "FLOAT", "PRICEOFFSET", "PERCENTAGE" -> "DECIMAL";
      case "CHAR" -> "CHARACTER";
      case "BOOLEAN" -> "FLAG";
      case "UTCTIMESTAMP" -> "TIMESTAMP";
      case "UTCTIMEONLY" -> "TIME";
      case "UTCDATE", "UTCDATEONLY", "LOCALMKTDATE" -> "DATE";
      case "MONTHYEAR" -> "MONTH";
      default -> "TEXT";
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"FIX42", "FIX44"})
  void knowsTheMessagesThatQuickFixKnowsAndWhatTheyRequire(FixVersion version) throws ConfigError {
    DataDictionary theirs = new DataDictionary(version.name() + ".xml");
    DictionaryFile ours = DictionaryFile.resource(FILES.get(version));
    assertThat(ours.messages().size()).isGreaterThan(40);
    ours.messages()
        .forEach(
            (type, rule) -> {
              String name = io.semnal.fix.codec.MsgType.name(type);
              assertThat(theirs.isMsgType(name)).as(name).isTrue();
              for (int tag : rule.required()) {
                assertThat(theirs.isRequiredField(name, tag)).as(name + " " + tag).isTrue();
              }
              for (int tag = 1; rule.fields() != null && tag < 1000; tag++) {
                boolean ourOwn = version == FixVersion.FIX42 && tag > 446;
                if (!ourOwn) {
                  assertThat(rule.fields().contains(tag))
                      .as(name + " " + tag)
                      .isEqualTo(theirs.isMsgField(name, tag));
                }
              }
            });
  }

  @ParameterizedTest
  @CsvSource({
    "35=0|H, , ",
    "35=0|H999=x|, INVALID_TAG, 999",
    "35=0|H20000=x|, INVALID_TAG, 20000",
    "35=0|H112=|, NO_VALUE, 112",
    "35=0|H55=x|, TAG_NOT_OF_TYPE, 55",
    "35=0|H112=a|112=b|, REPEATED_TAG, 112",
    "35=0|112=a|H, TAG_ORDER, 34",
    "35=1|H, REQUIRED_TAG_MISSING, 112",
    "35=*|H, INVALID_MSG_TYPE, -2147483648",
    "35=A|H98=0|108=x|, INCORRECT_FORMAT, 108",
    "35=A|H98=9|108=1|, INCORRECT_VALUE, 98",
    "35=A|H98=0|108=1|384=2|372=D|385=R|, GROUP_COUNT, 384",
    "35=A|H98=0|108=1|384=1|385=R|372=D|, GROUP_ORDER, 385",
    "35=A|H98=0|108=1|384=1|372=D|385=R|141=Y|, , ",
    "35=V|H262=1|263=1|264=1|267=2|269=0|269=1|146=1|55=EUR/USD|, , "
  })
  void saysWhatIsWrongWithWhichField(String body, RejectReason reason, Integer tag) {
    FixDictionary dictionary = FixDictionary.of(FixVersion.FIX44, false);
    assertThat(dictionary.check(message(body))).isEqualTo(reason);
    assertThat(dictionary.faultTag()).isEqualTo(tag == null ? FixDictionary.NO_TAG : tag);
  }

  @Test
  void letsUsersHaveTagsOfTheirOwn() {
    FixDictionary dictionary = FixDictionary.of(FixVersion.FIX44, true);
    assertThat(dictionary.check(message("35=0|H20000=x|"))).isNull();
    assertThat(dictionary.check(message("35=0|H999=x|"))).isEqualTo(RejectReason.INVALID_TAG);
  }

  private static FixMessage message(String body) {
    byte[] bytes = Messages.whole("FIX.4.4", body.replace("H", HEADER));
    FixMessage message = new FixMessage();
    assertThat(new FixTokenizer().next(new UnsafeBuffer(bytes), 0, bytes.length, message))
        .isEqualTo(FixTokenizer.MESSAGE);
    return message;
  }
}
