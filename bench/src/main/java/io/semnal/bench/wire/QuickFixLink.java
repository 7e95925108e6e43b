package io.semnal.bench.wire;

import io.semnal.bench.ChildProcess;
import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.FixApplication;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.store.MemoryStore;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;

/** A client of the {@link QuickFixEcho}, which it starts: snapshots out, IOIs back. One thread. */
final class QuickFixLink implements WireLink, FixApplication {
  private final ChildProcess server;
  private final FixSession session;
  private final FixPeerSocket fix;
  private LongConsumer answered = index -> {};

  QuickFixLink(int reply) throws IOException {
    server =
        ChildProcess.start("256m", QuickFixEcho.class.getName(), List.of(Integer.toString(reply)));
    int port = Integer.parseInt(server.awaitLine(line -> line.matches("[0-9]+")));
    SessionConfig config =
        SessionConfig.initiator(FixVersion.FIX44, QuickFixEcho.PEER, QuickFixEcho.NAME)
            .heartbeat(300)
            .resetOnLogon(true)
            .build();
    session = new FixSession(config, new MemoryStore(), this);
    fix = new FixPeerSocket(port, session);
  }

  @Override
  public void onMessage(FixSession of, FixMessage message, long now) {
    if (message.msgType() == MsgType.IOI) {
      answered.accept(message.integer(Tag.IOI_ID));
    }
  }

  @Override
  public boolean queue(long index) {
    FixEncoder out = session.begin(MsgType.MARKET_DATA_SNAPSHOT, FixPeerSocket.now());
    out.integer(Tag.MD_REQ_ID, index).text(Tag.SYMBOL, "EUR/USD").integer(Tag.NO_MD_ENTRIES, 2);
    out.character(Tag.MD_ENTRY_TYPE, '0').decimal(Tag.MD_ENTRY_PX, 108_312_000, 5);
    out.integer(Tag.MD_ENTRY_SIZE, 1_000_000);
    out.character(Tag.MD_ENTRY_TYPE, '1').decimal(Tag.MD_ENTRY_PX, 108_318_000, 5);
    out.integer(Tag.MD_ENTRY_SIZE, 1_000_000);
    session.send();
    return true;
  }

  @Override
  public void flush() {
    // Each message leaves as it is sent.
  }

  @Override
  public void poll(LongConsumer told) throws IOException {
    answered = told;
    fix.poll();
  }

  @Override
  public void keepAlive() throws IOException {
    fix.doWork();
  }

  @Override
  public long pid() {
    return server.pid();
  }

  @Override
  public void close() {
    try (server) {
      fix.close();
    }
  }
}
