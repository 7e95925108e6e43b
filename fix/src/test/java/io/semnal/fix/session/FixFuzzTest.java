package io.semnal.fix.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixTokenizer;
import io.semnal.fix.codec.Messages;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Whatever bytes come: what the tokenizer calls a message is one by a naive look at its bytes, and
 * a session does the same however they are cut, throws nothing, and goes on.
 */
class FixFuzzTest {
  private static final byte[] LOGON =
      Messages.whole("FIX.4.4", "35=A|34=1|49=A|52=20260921-13:33:20|56=B|98=0|108=30|");

  @FuzzTest(maxDuration = "10m")
  void whatIsCalledAMessageIsOne(byte[] stream) {
    UnsafeBuffer bytes = new UnsafeBuffer(stream);
    FixTokenizer tokenizer = new FixTokenizer(4096);
    FixMessage message = new FixMessage(256);
    int at = 0;
    int outcome;
    do {
      outcome = tokenizer.next(bytes, at, stream.length - at, message);
      int consumed = tokenizer.consumed();
      assertThat(consumed)
          .isBetween(outcome == FixTokenizer.INCOMPLETE ? 0 : 1, stream.length - at);
      if (outcome == FixTokenizer.MESSAGE) {
        assertThat(message.offset() + message.length()).isEqualTo(at + consumed);
        assertMessage(stream, message);
      }
      at += consumed;
    } while (outcome != FixTokenizer.INCOMPLETE);
  }

  private static void assertMessage(byte[] stream, FixMessage message) {
    int end = message.offset() + message.length();
    int body = end - 7;
    int sum = 0;
    for (int i = message.offset(); i < body; i++) {
      sum += stream[i] & 0xff;
    }
    assertThat(new String(stream, body, 7, java.nio.charset.StandardCharsets.ISO_8859_1))
        .isEqualTo(String.format("10=%03d\1", sum & 0xff));
    int next = body;
    for (int i = message.fieldCount() - 1; i >= 0; i--) {
      int value = message.valueOffset(i);
      assertThat(value + message.valueLength(i) + 1).isEqualTo(next);
      assertThat(stream[next - 1]).isEqualTo((byte) 1);
      assertThat(stream[value - 1]).isEqualTo((byte) '=');
      next = value - 1;
      while (stream[next - 1] != 1) {
        next--;
      }
      String tag =
          new String(stream, next, value - 1 - next, java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThat(Integer.parseInt(tag)).isEqualTo(message.tag(i));
    }
    assertThat(message.tag(0)).isEqualTo(35);
  }

  @FuzzTest(maxDuration = "10m")
  void aSessionGoesOnWhateverComes(byte[] bytes) {
    byte[] stream = new byte[LOGON.length + bytes.length];
    System.arraycopy(LOGON, 0, stream, 0, LOGON.length);
    System.arraycopy(bytes, 0, stream, LOGON.length, bytes.length);
    boolean dictionary = bytes.length % 2 == 0;
    HostileInputTest.Outcome whole = HostileInputTest.feed(stream, null, dictionary);
    HostileInputTest.Outcome cut =
        HostileInputTest.feed(stream, new Random(bytes.length), dictionary);
    assertThat(cut).isEqualTo(whole);
  }
}
