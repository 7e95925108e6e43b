package io.semnal.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.semnal.core.access.Admission;
import io.semnal.core.access.LoginLimits;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.FrameChannel;
import io.semnal.protocol.session.LoginRefusedException;
import io.semnal.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Who comes in at the feed port, over real sockets. */
class FeedAccessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final Metrics metrics = new Metrics();
  private final List<String> audited = new CopyOnWriteArrayList<>();

  private FeedRig rig(LoginLimits limits) throws Exception {
    FeedAccess access =
        new FeedAccess(
            new Admission(limits, "feed", metrics),
            (what, key, peer, code, text) -> audited.add(String.join("|", what, key, code, text)),
            null);
    return new FeedRig(new CapturingPort(new SourceRegistry(), 1_000), FeedRig.LIMITS, 0, access);
  }

  private static FrameChannel login(FeedRig rig, ClientKey key) throws IOException {
    FrameChannel channel = FrameChannel.connect(rig.address(), PATIENCE);
    try {
      channel.login(Role.FEED, key, "test", PATIENCE);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static LoginRefusedException refusal(FeedRig rig, ClientKey key) {
    return catchThrowableOfType(LoginRefusedException.class, () -> login(rig, key).close());
  }

  /** The peer is told before it is written down. */
  private void awaitLines(int count) throws InterruptedException {
    Await.until(() -> count + " lines, not " + audited, () -> audited.size() >= count);
  }

  @Test
  void wrongProofsLockTheKeyForTheAddress() throws Exception {
    Duration hour = Duration.ofHours(1);
    try (FeedRig rig = rig(new LoginLimits(0, 0, 3, hour, hour))) {
      for (int i = 0; i < 3; i++) {
        assertThat(refusal(rig, new ClientKey("lean", new byte[32])).code())
            .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
      }
      LoginRefusedException locked = refusal(rig, FeedRig.LEAN);
      assertThat(locked.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      assertThat(locked.getMessage()).contains("too many wrong proofs: try again in 3");
      try (FrameChannel other = login(rig, new ClientKey("other", FeedRig.OTHER.secret()))) {
        assertThat(other.pending()).isZero();
      }
      assertThat(metrics.counter("feed_lock_outs_total", "").get()).isEqualTo(1);
      awaitLines(5);
      assertThat(audited)
          .anyMatch(line -> line.startsWith("refused|lean|AUTHENTICATION_FAILED|"))
          .anyMatch(line -> line.startsWith("refused|lean|LIMIT_EXCEEDED|too many wrong proofs"))
          .anyMatch(line -> line.startsWith("login|other|"));
    }
  }

  @Test
  void aClientsKeyIsNoFeeds() throws Exception {
    try (FeedRig rig = rig(LoginLimits.DEFAULT)) {
      LoginRefusedException refused = refusal(rig, new ClientKey("demo", FeedRig.CLIENT.secret()));
      assertThat(refused).isNotNull();
      assertThat(refused.retryable()).isFalse();
      awaitLines(1);
      assertThat(audited).hasSize(1).allMatch(line -> line.startsWith("refused|demo|"));
    }
  }

  @Test
  void anAddressHasNoMoreConnectionsThanItsLimit() throws Exception {
    Duration none = Duration.ZERO;
    try (FeedRig rig = rig(new LoginLimits(1, 0, 0, none, none));
        FrameChannel first = login(rig, FeedRig.LEAN)) {
      assertThat(first.pending()).isZero();
      LoginRefusedException refused = refusal(rig, new ClientKey("other", FeedRig.OTHER.secret()));
      assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      assertThat(refused.getMessage()).contains("too many connections from this address");
    }
  }
}
