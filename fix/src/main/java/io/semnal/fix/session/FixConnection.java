package io.semnal.fix.session;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixTokenizer;
import io.semnal.fix.codec.MsgType;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One connection without its transport: bytes in, messages to the session that its Logon names.
 * Holds no more than one unfinished message. One thread.
 */
public final class FixConnection {
  private static final int HEADER_AND_TRAILER = 64;
  private static final int FIRST_CAPACITY = 1024;

  /** How long a connection may be without a session. */
  private static final long PATIENCE = 10_000_000_000L;

  private final FixTransport transport;
  private final SessionDirectory directory;
  private final FixTokenizer tokenizer;
  private final FixMessage message = new FixMessage();
  private final UnsafeBuffer unfinished = new UnsafeBuffer(new byte[FIRST_CAPACITY]);
  private final int mostUnfinished;
  private int unfinishedLength;
  private FixSession session;
  private long openedAt;
  private boolean waiting;
  private boolean closed;

  /** An acceptor's connection: its first message says which session it is for. */
  public FixConnection(FixTransport transport, SessionDirectory directory, int maxMessage) {
    this(transport, directory, null, maxMessage);
  }

  /** An initiator's connection. */
  public FixConnection(FixTransport transport, FixSession session) {
    this(transport, null, session, session.config().maxMessage());
  }

  private FixConnection(
      FixTransport transport, SessionDirectory directory, FixSession session, int maxMessage) {
    this.transport = transport;
    this.directory = directory;
    this.session = session;
    tokenizer = new FixTokenizer(maxMessage);
    mostUnfinished = maxMessage + HEADER_AND_TRAILER;
  }

  /** The session; null: none yet. */
  public FixSession session() {
    return session;
  }

  /** The transport is up. */
  public void opened(long now) {
    openedAt = now;
    if (session != null) {
      session.connected(transport, now);
    }
  }

  /** Bytes came, cut anywhere. They are the caller's again on return. */
  public void received(DirectBuffer buffer, int offset, int length, long now) {
    int from = offset;
    int end = offset + length;
    while (unfinishedLength > 0 && from < end && !closed && !waiting) {
      from += complete(buffer, from, end - from, now);
    }
    if (!closed && !waiting && from < end) {
      from += read(buffer, from, end - from, now);
    }
    if (!closed && from < end) {
      keep(buffer, from, end - from);
    }
  }

  /** Goes on where the directory was not ready. */
  public void resume(long now) {
    if (waiting && !closed) {
      waiting = false;
      readUnfinished(now);
    }
  }

  /** Adds bytes to an unfinished message and reads on. Returns how many were taken. */
  private int complete(DirectBuffer buffer, int from, int length, long now) {
    int taken = Math.min(length, mostUnfinished - unfinishedLength);
    ensureRoom(unfinishedLength + taken);
    unfinished.putBytes(unfinishedLength, buffer, from, taken);
    unfinishedLength += taken;
    readUnfinished(now);
    return taken;
  }

  private void readUnfinished(long now) {
    int done = read(unfinished, 0, unfinishedLength, now);
    unfinishedLength -= done;
    unfinished.putBytes(0, unfinished, done, unfinishedLength);
  }

  /**
   * An unfinished message always fits; a peer that does not wait for its Logon's answer may not.
   */
  private void keep(DirectBuffer buffer, int from, int length) {
    if (unfinishedLength + length > mostUnfinished) {
      refuse();
      return;
    }
    ensureRoom(unfinishedLength + length);
    unfinished.putBytes(unfinishedLength, buffer, from, length);
    unfinishedLength += length;
  }

  private void ensureRoom(int capacity) {
    if (capacity > unfinished.capacity()) {
      byte[] larger = new byte[Math.min(mostUnfinished, Integer.highestOneBit(capacity) << 1)];
      unfinished.getBytes(0, larger, 0, unfinishedLength);
      unfinished.wrap(larger);
    }
  }

  /** Reads all that is whole. Returns the bytes done with. */
  private int read(DirectBuffer buffer, int offset, int length, long now) {
    FixSession held = session;
    if (held != null) {
      held.hold();
    }
    int done = readAll(buffer, offset, length, now);
    if (held != null) {
      held.release();
    }
    return done;
  }

  private int readAll(DirectBuffer buffer, int offset, int length, long now) {
    int at = offset;
    int end = offset + length;
    int outcome;
    do {
      outcome = tokenizer.next(buffer, at, end - at, message);
      at += tokenizer.consumed();
      if (outcome == FixTokenizer.MESSAGE && mustWait()) {
        return at - tokenizer.consumed() - offset;
      }
      if (outcome == FixTokenizer.MESSAGE) {
        onMessage(now);
      } else if (outcome == FixTokenizer.GARBLED) {
        onGarbled(now);
      }
    } while (outcome != FixTokenizer.INCOMPLETE && !closed);
    return closed ? length : at - offset;
  }

  private boolean mustWait() {
    waiting = session == null && message.msgType() == MsgType.LOGON && !directory.isReady(message);
    return waiting;
  }

  private void onMessage(long now) {
    if (session == null && !find(now)) {
      return;
    }
    session.received(message, now);
    closed |= session.state() == SessionState.DISCONNECTED;
  }

  private boolean find(long now) {
    FixSession found = message.msgType() == MsgType.LOGON ? directory.find(message) : null;
    if (found == null || found.state() != SessionState.DISCONNECTED) {
      refuse();
      return false;
    }
    session = found;
    found.connected(transport, now);
    return true;
  }

  private void onGarbled(long now) {
    if (session == null) {
      refuse();
    } else {
      session.garbled(tokenizer.reason(), now);
      closed |= session.state() == SessionState.DISCONNECTED;
    }
  }

  private void refuse() {
    closed = true;
    transport.close();
  }

  /** See {@link FixSession#doWork}; ends a connection that never says who it is. */
  public int doWork(long now) {
    if (closed) {
      return 0;
    }
    if (session != null) {
      int work = session.doWork(now);
      closed = session.state() == SessionState.DISCONNECTED;
      return work;
    }
    if (now - openedAt >= PATIENCE) {
      refuse();
      return 1;
    }
    return 0;
  }

  /** The transport is gone. */
  public void closed(long now) {
    if (!closed && session != null) {
      session.disconnected(now);
    }
    closed = true;
    unfinishedLength = 0;
  }
}
