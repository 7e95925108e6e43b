package io.semnal.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StateTest {
  private static final class Everything implements Stateful {
    long big = Long.MIN_VALUE + 7;
    int small = -3;
    double signedZero = -0.0;
    double oddNaN = Double.longBitsToDouble(0x7ff8000000000123L);
    boolean yes = true;
    String text = "ă€😀";
    String none = null;
    final long[] longs = {1, -1};
    final int[] ints = {5};
    final double[] doubles = {Double.MIN_VALUE, Double.NaN};
    final float[] floats = {1e-40f, -0f};
    final boolean[] flags = {false, true};
    byte[] bytes = {1, 2, 3};

    @Override
    public void state(StateVisitor s) {
      s.section("everything");
      big = s.of(big);
      small = s.of(small);
      signedZero = s.of(signedZero);
      oddNaN = s.of(oddNaN);
      yes = s.of(yes);
      text = s.of(text);
      none = s.of(none);
      s.of(longs);
      s.of(ints);
      s.of(doubles);
      s.of(floats);
      s.of(flags);
      bytes = s.of(bytes);
    }

    void clear() {
      big = small = 0;
      signedZero = oddNaN = 1;
      yes = false;
      text = null;
      none = "x";
      Arrays.fill(longs, 9);
      Arrays.fill(ints, 9);
      Arrays.fill(doubles, 9);
      Arrays.fill(floats, 9);
      Arrays.fill(flags, false);
      bytes = null;
    }
  }

  private static byte[] written() {
    StateWriter out = new StateWriter();
    new Everything().state(out);
    return out.toByteArray();
  }

  @Test
  void everyFieldComesBackBitByBit() {
    Everything read = new Everything();
    read.clear();
    StateReader in = new StateReader(written());
    read.state(in);
    in.requireEnd();

    assertThat(read.big).isEqualTo(Long.MIN_VALUE + 7);
    assertThat(read.small).isEqualTo(-3);
    assertThat(Double.doubleToRawLongBits(read.signedZero)).isEqualTo(Long.MIN_VALUE);
    assertThat(Double.doubleToRawLongBits(read.oddNaN)).isEqualTo(0x7ff8000000000123L);
    assertThat(read.yes).isTrue();
    assertThat(read.text).isEqualTo("ă€😀");
    assertThat(read.none).isNull();
    assertThat(read.longs).containsExactly(1, -1);
    assertThat(read.ints).containsExactly(5);
    assertThat(read.doubles).containsExactly(Double.MIN_VALUE, Double.NaN);
    assertThat(Float.floatToRawIntBits(read.floats[0])).isEqualTo(Float.floatToRawIntBits(1e-40f));
    assertThat(Float.floatToRawIntBits(read.floats[1])).isEqualTo(Integer.MIN_VALUE);
    assertThat(read.flags).containsExactly(false, true);
    assertThat(read.bytes).containsExactly(1, 2, 3);
  }

  @Test
  void aStateThatWasCutAnywhereIsRefused() {
    byte[] whole = written();
    for (int length = 0; length < whole.length; length++) {
      StateReader in = new StateReader(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> new Everything().state(in))
          .isInstanceOf(StateMismatchException.class);
    }
  }

  @Test
  void aStateWithSomethingLeftOverIsRefused() {
    byte[] whole = written();
    StateReader in = new StateReader(Arrays.copyOf(whole, whole.length + 1));
    new Everything().state(in);
    assertThatThrownBy(in::requireEnd).hasMessageContaining("1 bytes of state are left over");
  }

  @Test
  void anotherSectionOrAnotherLengthIsNamed() {
    StateWriter out = new StateWriter();
    out.section("bars");
    out.of(new double[3]);
    byte[] bytes = out.toByteArray();

    assertThatThrownBy(() -> new StateReader(bytes).section("book"))
        .hasMessage("expected section book at byte 0, found bars");
    StateReader in = new StateReader(bytes);
    in.section("bars");
    assertThatThrownBy(() -> in.of(new double[4])).hasMessageContaining("expected 4 elements");
  }
}
