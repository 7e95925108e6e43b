package io.semnal.fix.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.FixApplication;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.session.SessionDirectory;
import io.semnal.fix.store.MemoryStore;
import io.semnal.testing.StandingPort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import quickfix.Message;
import quickfix.field.GapFillFlag;
import quickfix.field.NewSeqNo;

/** QuickFIX/J at the other end, in both roles, over sockets. */
class QuickFixPeerTest {
  private static final int MANY = 2_000;

  private final TestLoop loop = new TestLoop();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private FixSession ours;
  private FixInitiator initiator;
  private QuickFixPeer peer;

  @ParameterizedTest(name = "{0}, ours is {1}")
  @CsvSource({
    "FIX.4.2, acceptor",
    "FIXT.1.1, acceptor",
    "FIX.4.3, initiator",
    "FIX.4.4, initiator",
    "FIXT.1.1, initiator"
  })
  void streamsFillsGapsResetsLogsOutAndComesBack(String version, String role) throws Exception {
    connect(version, role.equals("initiator"), false);

    // streaming, both ways at once
    loop.call(
        () -> {
          sendMany("o", MANY);
          return null;
        });
    for (int i = 0; i < MANY; i++) {
      peer.send("p" + i);
    }
    List<String> toPeer = new java.util.ArrayList<>(numbered("o", MANY));
    List<String> toUs = new java.util.ArrayList<>(numbered("p", MANY));
    expect(toUs, toPeer);

    // a gap that the peer fills: numbers that it never used
    peer.session().setNextSenderMsgSeqNum(peer.session().getExpectedSenderNum() + 7);
    peer.send("after the gap");
    toUs.add("after the gap");
    expect(toUs, toPeer);
    assertThat(peer.admin).contains("2");

    // the connection breaks; both sides go on sending, and resend to each other
    peer.session().disconnect("test", false);
    TestLoop.await("our end of it", () -> !loop.call(() -> ours.isLoggedOn()));
    peer.send("while away");
    send("also while away");
    toUs.add("while away");
    toPeer.add("also while away");
    expect(toUs, toPeer);

    // the peer says that its numbers go on elsewhere
    int next = peer.session().getExpectedSenderNum() + 20;
    Message reset = new Message();
    reset.getHeader().setString(quickfix.field.MsgType.FIELD, "4");
    reset.setBoolean(GapFillFlag.FIELD, false);
    reset.setInt(NewSeqNo.FIELD, next);
    peer.session().send(reset);
    peer.session().setNextSenderMsgSeqNum(next);
    peer.send("from elsewhere");
    toUs.add("from elsewhere");
    expect(toUs, toPeer);
    assertThat(loop.call(() -> ours.nextInbound())).isEqualTo(next + 1L);

    if (role.equals("initiator")) {
      resetInMidSession(toUs, toPeer);
    }

    // logout
    loop.call(
        () -> {
          ours.logout("enough", TestLoop.now());
          return null;
        });
    TestLoop.await("the peer's Logout", () -> peer.admin.contains("5"));
    TestLoop.await("the next Logon", () -> loop.call(() -> ours.isLoggedOn()));
    assertThat(peer.admin).doesNotContain("3");
  }

  /** QuickFIX/J takes a Logon in mid-session as an acceptor only. */
  private void resetInMidSession(List<String> toUs, List<String> toPeer) {
    loop.call(
        () -> {
          ours.resetSequences(TestLoop.now());
          return null;
        });
    TestLoop.await("the answer", () -> loop.call(() -> ours.nextInbound()) == 2);
    send("of the new numbers");
    toPeer.add("of the new numbers");
    peer.send("new here too");
    toUs.add("new here too");
    expect(toUs, toPeer);
  }

  @Test
  void beginsAtOneWhenThePeersLogonSaysSo() throws Exception {
    connect("FIX.4.4", false, true);
    peer.send("one");
    send("two");
    expect(List.of("one"), List.of("two"));
    peer.session().disconnect("test", false);
    TestLoop.await("our end of it", () -> !loop.call(() -> ours.isLoggedOn()));
    TestLoop.await("the next Logon", () -> loop.call(() -> ours.isLoggedOn()));
    assertThat(loop.call(() -> ours.nextOutbound())).isEqualTo(2);
    TestLoop.await("the peer's view of it", () -> peer.session().isLoggedOn());
    peer.send("three");
    send("four");
    expect(List.of("one", "three"), List.of("two", "four"));
  }

  private void expect(List<String> toUs, List<String> toPeer) {
    TestLoop.await("what the peer sent", () -> texts.size() >= toUs.size());
    TestLoop.await("what we sent", () -> peer.texts.size() >= toPeer.size());
    assertThat(texts).isEqualTo(toUs);
    assertThat(peer.texts).isEqualTo(toPeer);
  }

  private static List<String> numbered(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  private void sendMany(String prefix, int count) {
    long now = TestLoop.now();
    ours.hold();
    for (int i = 0; i < count; i++) {
      ours.begin(MsgType.NEWS, now).text(Tag.TEXT, prefix + i);
      ours.send();
    }
    ours.release();
  }

  private void send(String text) {
    loop.call(
        () -> {
          ours.begin(MsgType.NEWS, TestLoop.now()).text(Tag.TEXT, text);
          return ours.send();
        });
  }

  private void connect(String version, boolean asInitiator, boolean reset) throws Exception {
    FixVersion spoken = FixVersion.of(version);
    SessionConfig config =
        (asInitiator
                ? SessionConfig.initiator(spoken, "SEMNAL", "QFJ")
                : SessionConfig.acceptor(spoken, "SEMNAL", "QFJ"))
            .build();
    ours = new FixSession(config, new MemoryStore(1 << 22), new Collector());
    if (asInitiator) {
      int port = StandingPort.tcp();
      peer = QuickFixPeer.acceptor(version, port);
      // The first address leads nowhere.
      initiator =
          new FixInitiator(
              loop.loop(),
              NioSocketChannel.class,
              ours,
              List.of(
                  new InetSocketAddress("127.0.0.1", StandingPort.tcp()),
                  new InetSocketAddress("127.0.0.1", port)),
              new Backoff(50_000_000L, 1_000_000_000L),
              null,
              TestLoop::now);
      peer.start();
      loop.add(initiator::doWork);
      initiator.start();
    } else {
      FixAcceptor acceptor =
          new FixAcceptor(
              loop.loop(),
              NioServerSocketChannel.class,
              SessionDirectory.of(List.of(ours)),
              null,
              TestLoop::now,
              65_536,
              8);
      InetSocketAddress address = acceptor.listen(new InetSocketAddress("127.0.0.1", 0)).get();
      loop.add(acceptor::doWork);
      peer = QuickFixPeer.initiator(version, address.getPort(), reset);
      peer.start();
    }
    TestLoop.await("the Logons", () -> loop.call(() -> ours.isLoggedOn()));
    TestLoop.await("the peer's view of it", () -> peer.session().isLoggedOn());
  }

  @AfterEach
  void stop() {
    if (initiator != null) {
      loop.call(
          () -> {
            initiator.shutdown("the test ends", TestLoop.now());
            return null;
          });
    }
    peer.close();
    loop.close();
  }

  private final class Collector implements FixApplication {
    @Override
    public void onMessage(FixSession session, FixMessage message, long now) {
      texts.add(message.text(Tag.TEXT));
    }
  }
}
