package io.semnal.gateway;

import io.netty.buffer.ByteBuf;
import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.FixTransport;
import io.semnal.gateway.fix.FixFrame;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;

/**
 * A FIX session's way out: gives each frame the session's header and number, and leads the
 * session's bytes to the connection. Knows which IOIs live on this session, as a NEUTRAL cancels
 * one. Loop thread.
 */
final class FixOutput implements SessionOutput, FixTransport {
  private static final long NONE = 0;

  private final ChannelOutput wire;
  private final LongSupplier wallClock;
  private final FixFrame view = new FixFrame();

  /** By topic: the live signal's id, doubled, plus one if it sells. */
  private final Long2LongHashMap live = new Long2LongHashMap(NONE);

  private FixSession session;
  private Encoding encoding;
  private boolean repeats;
  private boolean batching;
  private String farewell;

  FixOutput(ChannelOutput wire, Encoding encoding, LongSupplier wallClock) {
    this.wire = wire;
    this.encoding = encoding;
    this.wallClock = wallClock;
  }

  /** The Logon named its session. */
  void begin(FixSession named, Encoding form) {
    session = named;
    encoding = form;
  }

  /** A replay was given up: what follows is new. */
  void endRepeats() {
    repeats = false;
  }

  // The session's frames

  @Override
  public Encoding encoding() {
    return encoding;
  }

  @Override
  public void write(byte[] frame, int length) {
    if (session == null || !session.isLoggedOn()) {
      return;
    }
    view.wrap(frame);
    FixFrame.Kind kind = view.kind();
    if (kind == FixFrame.Kind.FAREWELL) {
      farewell = text(frame);
      return;
    }
    batching = true;
    if (kind == FixFrame.Kind.NEUTRAL && live.get(view.topic()) != NONE) {
      cancel(frame, live.remove(view.topic()));
    } else {
      FixEncoder out = begin(view.msgType());
      out.fields(frame, view.firstOffset(), view.firstLength());
      session.send();
    }
    batching = false;
    note(kind);
  }

  /** Never asked for: a FIX frame is not what goes on the wire. */
  @Override
  public boolean share(ByteBuf frame, boolean last) {
    throw new UnsupportedOperationException("FIX frames are written, not shared");
  }

  private FixEncoder begin(int msgType) {
    FixEncoder out = session.begin(msgType, wallClock.getAsLong());
    if (repeats) {
      out.flag(Tag.POSS_RESEND, true);
    }
    return out;
  }

  private void cancel(byte[] frame, long signal) {
    FixEncoder out = begin(MsgType.IOI);
    out.integer(Tag.IOI_REF_ID, signal >> 1).character(Tag.SIDE, (signal & 1) == 0 ? '1' : '2');
    out.fields(frame, view.secondOffset(), view.secondLength());
    session.send();
  }

  private void note(FixFrame.Kind kind) {
    switch (kind) {
      case OPENED -> live.put(view.topic(), view.signalId() << 1 | (view.side() == '1' ? 0 : 1));
      case ENDED -> {
        if (live.get(view.topic()) >> 1 == view.signalId()) {
          live.remove(view.topic());
        }
      }
      case REPEATS_BEGIN -> repeats = true;
      case REPEATS_END -> repeats = false;
      default -> {
        // Nothing that lasts.
      }
    }
  }

  /** The text alone of {@code 58=text|}. */
  private String text(byte[] frame) {
    int skip = "58=".length();
    return new String(
        frame, view.firstOffset() + skip, view.firstLength() - skip - 1, StandardCharsets.US_ASCII);
  }

  @Override
  public boolean isWritable() {
    return wire.isWritable();
  }

  @Override
  public long pendingBytes() {
    return wire.pendingBytes();
  }

  @Override
  public void ping() {
    // The session layer has heartbeats of its own.
  }

  /** Says Logout, where there is somebody to say it to; the answer or a time-out closes. */
  @Override
  public void close(CloseReason reason) {
    if (session != null && session.isLoggedOn()) {
      session.logout(farewell == null ? reason.name() : farewell, wallClock.getAsLong());
    } else {
      wire.close(reason);
    }
  }

  @Override
  public InetAddress address() {
    return wire.address();
  }

  // The FIX session's bytes

  @Override
  public void send(DirectBuffer buffer, int offset, int length) {
    wire.write(buffer.byteArray(), buffer.wrapAdjustment() + offset, length);
  }

  /** What the hub writes in one batch leaves at its end; what the session says leaves at once. */
  @Override
  public void flush() {
    if (!batching) {
      wire.flush();
    }
  }

  @Override
  public void close() {
    wire.close(CloseReason.SHUTDOWN);
  }

  @Override
  public String peer() {
    return wire.peer();
  }

  /** The connection is gone. */
  void release() {
    wire.release();
  }
}
