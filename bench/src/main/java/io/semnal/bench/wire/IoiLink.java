package io.semnal.bench.wire;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.FixApplication;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.store.MemoryStore;
import io.semnal.gateway.fix.UserTag;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LogonProof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.LongConsumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Quotes go in over the feed's session, IOIs come back over FIX; a quote's number is told by the
 * IOI's event time. A quote that causes no IOI has no answer, one that causes two has one. One
 * thread.
 */
final class IoiLink implements WireLink, FixApplication {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final int HEARTBEAT_SECONDS = 300;

  private final SemnalLink feed;
  private final ClientKey key;
  private final long from;
  private final long step;
  private final FixPeerSocket fix;
  private LongConsumer answered = index -> {};
  private long last = -1;
  private long messages;
  private long bytes;

  IoiLink(SemnalLink feed, int fixPort, ClientKey key, long from, long step) throws IOException {
    this.feed = feed;
    this.key = key;
    this.from = from;
    this.step = step;
    SessionConfig config =
        SessionConfig.initiator(FixVersion.FIX44, key.id(), "SEMNAL")
            .heartbeat(HEARTBEAT_SECONDS)
            .resetOnLogon(true)
            .build();
    fix = new FixPeerSocket(fixPort, new FixSession(config, new MemoryStore(), this));
  }

  @Override
  public void onSendLogon(FixSession of, FixEncoder logon, long now) {
    String time = TIME.format(Instant.ofEpochSecond(now / 1_000_000_000L, now % 1_000_000_000L));
    String number = Long.toString(of.nextOutbound());
    byte[] proof =
        LogonProof.sign(key, time, number, key.id(), "SEMNAL").getBytes(StandardCharsets.US_ASCII);
    logon.data(Tag.RAW_DATA_LENGTH, Tag.RAW_DATA, new UnsafeBuffer(proof), 0, proof.length);
  }

  @Override
  public void onMessage(FixSession of, FixMessage message, long now) {
    if (message.msgType() != MsgType.IOI) {
      return;
    }
    messages++;
    bytes += message.length();
    long index = (message.timestamp(UserTag.EVENT_TIME) - from) / step;
    if (index > last) {
      last = index;
      answered.accept(index);
    }
  }

  /** Mean length of the IOIs so far; 0: none came. */
  int meanBytes() {
    return messages == 0 ? 0 : (int) (bytes / messages);
  }

  @Override
  public boolean queue(long index) {
    return feed.queue(index);
  }

  @Override
  public void flush() throws IOException {
    feed.flush();
  }

  @Override
  public void prepare() {
    feed.prepare();
  }

  @Override
  public void poll(LongConsumer told) throws IOException {
    answered = told;
    feed.poll(index -> {});
    fix.poll();
  }

  @Override
  public void keepAlive() throws IOException {
    feed.keepAlive();
    fix.doWork();
  }

  @Override
  public long pid() {
    return feed.pid();
  }

  @Override
  public void close() throws IOException {
    try (feed) {
      fix.close();
    }
  }
}
