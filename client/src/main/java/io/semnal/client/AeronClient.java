package io.semnal.client;

import io.aeron.FragmentAssembler;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.semnal.protocol.AeronFrame;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.session.MessageCheck;
import io.semnal.protocol.session.ResumeToken;
import java.io.IOException;
import org.agrona.DirectBuffer;

/**
 * Follows a server's stream over Aeron, and closes what it misses there by the session protocol:
 * each message once, in order, from wherever the subscription says.
 *
 * <p>It begins as a {@link SemnalClient}: snapshot or replay as asked. As soon as Aeron continues
 * from where that has come to, the session is closed and Aeron goes on alone. At a gap, a new
 * epoch, or when the publication is lost, a session resumes after the last message; it serves for
 * as long as Aeron does not.
 *
 * <p>One thread; it starts none. {@link #poll} blocks while a session is opened, for the options'
 * timeout at most; what Aeron drops meanwhile is one gap more. Definitions may come more than once.
 */
public final class AeronClient implements AutoCloseable {
  private static final int BACKLOG = 4 << 20;
  private static final int FRAGMENTS = 256;
  private static final long RETRY = 250_000_000L;

  private final ClientOptions options;
  private final io.aeron.Subscription aeron;
  private final ClientHandler handler;
  private final AeronBacklog backlog = new AeronBacklog(BACKLOG);
  private final FragmentHandler fragments = new FragmentAssembler(this::onFragment);
  private final AeronBacklog.Taker taker = this::deliver;
  private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final int channels;
  private Subscription wanted;
  private SemnalClient session;
  private SessionPlace place;
  private boolean following;
  private boolean placed;
  private int publisher;
  private boolean epochKnown;
  private long aeronEpoch;
  private long epoch;
  private long last;
  private long gaps;
  private long catchUps;
  private long unreadable;
  private long retryAt;
  private long aliveAt;
  private String mismatch;

  /**
   * @param options of the session that closes gaps; SBE
   * @param wanted exactly the channels that the server publishes over Aeron, unfiltered
   * @param aeron made, and closed, by the caller, on the server's channel and stream
   */
  public AeronClient(
      ClientOptions options,
      Subscription wanted,
      io.aeron.Subscription aeron,
      ClientHandler handler) {
    if (options.json()) {
      throw new IllegalArgumentException("Aeron carries SBE: leave withJson out");
    }
    if (!wanted.instruments().isEmpty()
        || !wanted.timeframes().isEmpty()
        || !wanted.strategies().isEmpty()
        || wanted.unsequencedBits() != 0
        || wanted.channels().contains(Channel.QUOTES)) {
      throw new IllegalArgumentException(
          "over Aeron a subscription is to whole channels of the stream: no filter, no conflation,"
              + " no quotes");
    }
    this.options = options;
    this.wanted = wanted;
    this.aeron = aeron;
    this.handler = handler;
    channels = wanted.channelBits();
  }

  /**
   * Opens the session that everything begins with.
   *
   * @throws io.semnal.protocol.session.LoginRefusedException if the server refuses the key
   */
  public void connect() throws IOException {
    aliveAt = System.nanoTime();
    open();
  }

  private void open() throws IOException {
    ResumeToken known = placed ? new ResumeToken(epoch, last) : null;
    place = new SessionPlace(handler, known, wanted.snapshot() && wanted.resume() == null);
    SemnalClient opened = new SemnalClient(options, place);
    try {
      opened.connect();
      opened.subscribe(wanted);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    session = opened;
    catchUps++;
  }

  /**
   * Hands over what has arrived, by one way or the other.
   *
   * @return messages received
   * @throws IOException if the stream is at its end for good
   */
  public int poll() throws IOException {
    if (aeron.isClosed()) {
      throw new IOException("the Aeron subscription is closed");
    }
    int received = aeron.poll(fragments, FRAGMENTS);
    if (mismatch != null) {
      throw new IOException(mismatch);
    }
    if (following) {
      if (aeron.isConnected()) {
        return received;
      }
      leave();
    }
    if (session == null) {
      reopen();
    }
    if (session != null) {
      received += session.poll();
      join();
    }
    return received;
  }

  private void reopen() throws IOException {
    long now = System.nanoTime();
    if (now - retryAt < 0) {
      return;
    }
    try {
      open();
      aliveAt = now;
    } catch (IOException e) {
      boolean refused =
          e instanceof io.semnal.protocol.session.LoginRefusedException login && !login.retryable();
      if (refused || now - aliveAt > options.retryFor().toNanos()) {
        throw e;
      }
      retryAt = System.nanoTime() + RETRY;
    }
  }

  /** Goes over to Aeron if that misses nothing. */
  private void join() throws IOException {
    ResumeToken token = session.token();
    if (!epochKnown || !place.isInStream() || token == null || token.epoch() != aeronEpoch) {
      return;
    }
    boolean isKnownEpoch = placed && token.epoch() == epoch;
    long reached = isKnownEpoch ? Math.max(last, token.outSeq()) : token.outSeq();
    if (!backlog.continues(reached)) {
      return;
    }
    session.close();
    session = null;
    following = true;
    placed = true;
    epoch = token.epoch();
    last = reached;
    backlog.drain(taker);
  }

  /** A session has to go on after the last message. */
  private void leave() {
    following = false;
    wanted = Subscription.to(wanted.channels().toArray(Channel[]::new)).resumingAfter(token());
    aliveAt = System.nanoTime();
    retryAt = aliveAt;
    backlog.clear();
  }

  private void onFragment(DirectBuffer buffer, int offset, int length, Header frame) {
    if (frame.sessionId() != publisher) {
      publisher = frame.sessionId();
      epochKnown = false;
    }
    if (MessageCheck.check(buffer, offset, length) != MessageCheck.OK) {
      unreadable++;
      return;
    }
    long previous = AeronFrame.previousOutSeq(frame.reservedValue());
    int template = MessageLayout.templateId(buffer, offset);
    if (template == HeartbeatDecoder.TEMPLATE_ID) {
      onHeartbeat(buffer, offset, AeronFrame.channels(frame.reservedValue()));
    }
    if (!epochKnown) {
      return;
    }
    if (following && previous > last) {
      gaps++;
      leave();
    }
    if (template == HeartbeatDecoder.TEMPLATE_ID) {
      if (!following) {
        backlog.onPrevious(previous);
      }
      return;
    }
    boolean isDefinition = Channel.of(template) == Channel.DEFINITIONS;
    if (following) {
      deliver(buffer, offset, length, isDefinition);
    } else {
      long outSeq = MessageLayout.outSeq(buffer, offset);
      backlog.keep(buffer, offset, length, previous, outSeq, isDefinition);
    }
  }

  private void onHeartbeat(DirectBuffer buffer, int offset, int published) {
    heartbeat.wrapAndApplyHeader(buffer, offset, header);
    aeronEpoch = heartbeat.epoch();
    epochKnown = true;
    if (published != channels) {
      mismatch =
          "the server publishes channels "
              + Integer.toBinaryString(published)
              + " (bits) over Aeron, the subscription is to "
              + Integer.toBinaryString(channels)
              + ": both must be the same";
    }
    if (following && aeronEpoch != epoch) {
      leave();
    }
  }

  private void deliver(DirectBuffer buffer, int offset, int length, boolean isDefinition) {
    if (isDefinition) {
      handler.onMessage(buffer, offset, length);
      return;
    }
    long outSeq = MessageLayout.outSeq(buffer, offset);
    if (outSeq > last) {
      last = outSeq;
      handler.onMessage(buffer, offset, length);
    }
  }

  /** What to resume after; {@code null} before anything is known. */
  public ResumeToken token() {
    if (session != null) {
      return session.token();
    }
    return placed ? new ResumeToken(epoch, last) : wanted.resume();
  }

  /** Whether messages come by Aeron alone now. */
  public boolean isFollowingAeron() {
    return following;
  }

  /** Times that Aeron went on without something. */
  public long gaps() {
    return gaps;
  }

  /** Sessions that were opened, the first included. */
  public long catchUps() {
    return catchUps;
  }

  /** Frames over Aeron that no reader understands. */
  public long unreadable() {
    return unreadable;
  }

  @Override
  public void close() throws IOException {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
