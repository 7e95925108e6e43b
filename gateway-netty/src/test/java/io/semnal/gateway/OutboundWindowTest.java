package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.protocol.MessageLayout;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class OutboundWindowTest {
  private static byte[] message(long outSeq, int length) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
    buffer.setMemory(0, length, (byte) outSeq);
    buffer.putLong(MessageLayout.HEADER, outSeq, java.nio.ByteOrder.LITTLE_ENDIAN);
    return buffer.byteArray();
  }

  /** Against a plain list: what it holds is the newest, whole, and as much as must fit. */
  @Property(tries = 300)
  void holdsTheNewestMessages(
      @ForAll @Size(min = 1, max = 400) List<@IntRange(min = 20, max = 120) Integer> lengths,
      @ForAll @IntRange(min = 0, max = 1_000) int start) {
    OutboundWindow window = new OutboundWindow(32, 1_024);
    window.startAt(start);
    List<byte[]> all = new ArrayList<>();
    for (int length : lengths) {
      long seq = start + all.size() + 1L;
      byte[] message = message(seq, length);
      all.add(message);
      window.append(new UnsafeBuffer(message), 0, length);
      assertThat(window.head()).isEqualTo(seq);
    }
    assertThat(window.head() - window.oldest() + 1).isLessThanOrEqualTo(32);
    // 1,024 bytes less one wasted tail always hold seven of at most 120.
    assertThat(window.head() - window.oldest() + 1)
        .isGreaterThanOrEqualTo(Math.min(7, lengths.size()));
    for (long seq = window.oldest(); seq <= window.head(); seq++) {
      byte[] expected = all.get((int) (seq - start - 1));
      byte[] held = new byte[window.length(seq)];
      window.buffer().getBytes(window.offset(seq), held);
      assertThat(held).isEqualTo(expected);
    }
    assertThat(window.continuesFrom(window.head())).isTrue();
    assertThat(window.continuesFrom(window.oldest() - 1)).isTrue();
    assertThat(window.continuesFrom(window.oldest() - 2)).isFalse();
    assertThat(window.continuesFrom(window.head() + 1)).isFalse();
  }

  @Test
  void beginsAnewAfterAGap() {
    OutboundWindow window = new OutboundWindow(8, 1_024);
    window.append(new UnsafeBuffer(message(1, 40)), 0, 40);
    window.append(new UnsafeBuffer(message(9, 40)), 0, 40);
    assertThat(window.oldest()).isEqualTo(9);
    assertThat(window.head()).isEqualTo(9);
    assertThat(window.continuesFrom(7)).isFalse();
  }

  @Test
  void refusesWhatCanNeverFit() {
    OutboundWindow window = new OutboundWindow(8, 64);
    byte[] large = message(1, 100);
    assertThatThrownBy(() -> window.append(new UnsafeBuffer(large), 0, 100))
        .hasMessageContaining("100 bytes");
    assertThatThrownBy(() -> new OutboundWindow(7, 64)).hasMessageContaining("powers of two");
  }
}
