package io.semnal.fix.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.Messages;
import io.semnal.fix.store.MemoryStore;
import java.io.ByteArrayOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A Logon that waits for its session: what came meanwhile is read as if it had come later. */
class WaitingLogonTest {
  private static final long NOW = 1_790_000_000_000_000_000L;
  private static final String HEADER = "49=A|52=20260921-14:13:20|56=B|";
  private static final int MOST = 4096;

  private final Wire wire = new Wire();
  private final Directory directory = new Directory();
  private final FixConnection connection = new FixConnection(wire, directory, MOST);

  private static final class Directory implements SessionDirectory {
    final RecordingApplication application = new RecordingApplication();
    final FixSession session =
        new FixSession(
            SessionConfig.acceptor(FixVersion.FIX44, "B", "A").maxMessage(MOST).build(),
            new MemoryStore(1 << 12),
            application);
    boolean ready;
    int asked;

    @Override
    public boolean isReady(FixMessage logon) {
      asked++;
      return ready;
    }

    @Override
    public FixSession find(FixMessage logon) {
      assertThat(ready).isTrue();
      return session;
    }
  }

  private static byte[] stream(int more) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(message("35=A|34=1|%s98=0|108=30|"));
    for (int i = 0; i < more; i++) {
      stream.writeBytes(message("35=B|34=" + (i + 2) + "|%s148=h|58=" + i + "|"));
    }
    return stream.toByteArray();
  }

  private static byte[] message(String body) {
    return Messages.whole("FIX.4.4", String.format(body, HEADER));
  }

  @Property(tries = 200)
  void whatCameMeanwhileIsReadInOrder(
      @ForAll @IntRange(min = 0, max = 20) int more,
      @ForAll @IntRange(min = 1, max = 300) int cut,
      @ForAll @IntRange(min = 0, max = 1500) int readyAfter) {
    WaitingLogonTest fresh = new WaitingLogonTest();
    byte[] stream = stream(more);
    fresh.connection.opened(NOW);
    UnsafeBuffer bytes = new UnsafeBuffer(stream);
    boolean resumed = false;
    for (int at = 0; at < stream.length; at += cut) {
      fresh.connection.received(bytes, at, Math.min(cut, stream.length - at), NOW);
      if (!resumed && at >= readyAfter) {
        assertThat(fresh.directory.application.events).isEmpty();
        resumed = true;
        fresh.directory.ready = true;
        fresh.connection.resume(NOW);
      }
    }
    fresh.directory.ready = true;
    fresh.connection.resume(NOW);
    assertThat(fresh.wire.log).hasSize(1).first().asString().contains("|35=A|");
    assertThat(fresh.directory.application.events).containsExactly("logon");
    assertThat(fresh.directory.application.texts)
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(0, more).mapToObj(String::valueOf).toList());
    assertThat(fresh.directory.asked).isBetween(1, 2);
  }

  @Test
  void aPeerThatSendsOnAndOnBeforeTheAnswerIsDisconnected() {
    connection.opened(NOW);
    byte[] logon = stream(0);
    byte[] more = new byte[1000];
    connection.received(new UnsafeBuffer(logon), 0, logon.length, NOW);
    for (int i = 0; i < 5; i++) {
      assertThat(wire.closed).isFalse();
      connection.received(new UnsafeBuffer(more), 0, more.length, NOW);
    }
    assertThat(wire.closed).isTrue();
    directory.ready = true;
    connection.resume(NOW);
    assertThat(wire.log).isEmpty();
  }

  @Test
  void aConnectionThatWentMeanwhileStaysGone() {
    connection.opened(NOW);
    byte[] logon = stream(0);
    connection.received(new UnsafeBuffer(logon), 0, logon.length, NOW);
    connection.closed(NOW);
    directory.ready = true;
    connection.resume(NOW);
    assertThat(wire.log).isEmpty();
    assertThat(directory.application.events).isEmpty();
  }
}
