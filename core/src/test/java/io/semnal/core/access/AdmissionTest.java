package io.semnal.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.metrics.Metrics;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.KeyLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final long SECOND = 1_000_000_000L;
  private final InetAddress here = InetAddress.getLoopbackAddress();
  private final Admission admission =
      new Admission(
          new LoginLimits(2, 3, 3, Duration.ofSeconds(1), Duration.ofSeconds(10)),
          "gateway",
          new Metrics());

  @Test
  void locksAfterThreeWrongProofsAndDoublesUpToTheLongest() throws Exception {
    long now = -5 * SECOND;
    InetAddress there = InetAddress.getByName("192.0.2.7");
    for (int i = 0; i < 2; i++) {
      admission.failed("acme", here, now);
      assertThat(admission.locked("acme", here, now)).isZero();
    }
    for (long pause : new long[] {1, 2, 4, 8, 10, 10}) {
      admission.failed("acme", here, now);
      assertThat(admission.locked("acme", here, now)).isEqualTo(pause * SECOND);
      assertThat(admission.locked("acme", here, now + pause * SECOND)).isZero();
    }
    assertThat(admission.locked("acme", there, now)).isZero();
    assertThat(admission.locked("other", here, now)).isZero();
    admission.succeeded("acme", here);
    admission.failed("acme", here, now);
    assertThat(admission.locked("acme", here, now)).isZero();
  }

  @Test
  void countsConnectionsByAddressAndByClient() {
    assertThat(admission.connect(here)).isTrue();
    assertThat(admission.connect(here)).isTrue();
    assertThat(admission.connect(here)).isFalse();
    admission.disconnect(here);
    assertThat(admission.connect(here)).isTrue();
    KeyLimits one = new KeyLimits(1, 0, 0, Duration.ZERO);
    ApiKey old = key("old").of("acme", one);
    ApiKey next = key("next").of("acme", one);
    assertThat(admission.enter(old)).isTrue();
    assertThat(admission.enter(next)).isFalse();
    admission.leave(old);
    assertThat(admission.enter(next)).isTrue();
  }

  @Test
  void loginsComeAtTheirRate() {
    long now = Long.MAX_VALUE - SECOND / 2;
    int taken = 0;
    // Five seconds in steps of a tenth, over the clock's overflow: a burst of 3, then 3 a second.
    for (int i = 0; i < 50; i++) {
      taken += admission.mayTry(here, now + i * SECOND / 10) ? 1 : 0;
    }
    assertThat(taken).isBetween(16, 18);
  }

  private static ApiKey key(String id) {
    return new ApiKey(id, new byte[32], Role.CLIENT, 1, true, Set.of(), false, "");
  }
}
