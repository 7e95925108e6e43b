package io.semnal.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Framing;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FramesTest {
  private static final int MOST = 1000;

  @Test
  void findsTheFrameOnlyWhenItIsWhole() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
    Framing.write(buffer, 3, 20);
    for (int available = 0; available < 26; available++) {
      assertThat(Frames.next(buffer, 3, available, MOST)).isEqualTo(Frames.INCOMPLETE);
    }
    assertThat(Frames.next(buffer, 3, 26, MOST)).isEqualTo(26);
    assertThat(Frames.next(buffer, 3, 61, MOST)).isEqualTo(26);
  }

  @Test
  void tellsBadHeadersAtOnce() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
    Framing.write(buffer, 0, 7);
    assertThat(Frames.next(buffer, 0, 4, MOST)).isEqualTo(Frames.MALFORMED);
    Framing.write(buffer, 0, MOST - 5);
    assertThat(Frames.next(buffer, 0, 4, MOST)).isEqualTo(Frames.TOO_LARGE);
    Framing.write(buffer, 0, MOST - 6);
    assertThat(Frames.next(buffer, 0, 64, MOST)).isEqualTo(Frames.INCOMPLETE);
    Framing.write(buffer, 0, 20);
    buffer.putByte(4, (byte) 0);
    assertThat(Frames.next(buffer, 0, 6, MOST)).isEqualTo(Frames.MALFORMED);
    Framing.write(buffer, 0, -1000);
    assertThat(Frames.next(buffer, 0, 6, MOST)).isEqualTo(Frames.TOO_LARGE);
  }

  /** Buffers end where the bytes do; reading beyond would throw. */
  @Test
  void neverReadsBeyond() {
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (random.nextBoolean() && bytes.length >= 4) {
        bytes[0] = 0;
        bytes[1] = 0;
        bytes[2] = (byte) random.nextInt(2);
      }
      int length = Frames.next(new UnsafeBuffer(bytes), 0, bytes.length, MOST);
      assertThat(length).isLessThanOrEqualTo(bytes.length);
    }
  }
}
