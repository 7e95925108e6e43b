package io.semnal.gateway;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.session.PeerKey;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;

/**
 * How far a session has come in the outbound stream, and how it gets on: live from the loop's hand,
 * behind from the window, far behind from the journal.
 *
 * <p>One cursor makes the joins: every message of the stream passes it once, in order, whichever
 * way it comes. A session whose connection is full simply falls behind; the window is its queue.
 * Loop thread.
 */
final class Delivery {
  enum Flow {
    /** Nothing subscribed; definitions are told as they come. */
    IDLE,
    /** The cursor is the window's head. */
    LIVE,
    /** The cursor is in the window. */
    BEHIND,
    /** The cursor is in the journal. */
    REPLAYING
  }

  /** What comes of {@link #serve}. */
  enum Progress {
    NONE,
    SOME,
    /** The session has caught up and is live. */
    ARRIVED,
    /** The window has moved past the cursor: the connection is too slow. */
    FELL_OUT,
    /** The journal no longer has what comes next. */
    AGED_OUT,
    FAILED
  }

  /** What comes of {@link #onLive}. */
  enum Live {
    /** It is on its way. */
    SENT,
    /** It goes out with the next flush. */
    WRITTEN,
    /** The window has it for later. */
    OWED
  }

  private static final int CHUNK = 256;

  private final OutboundWindow window;
  private final MessageFrames frames;
  private final SessionOutput output;
  private final Filter[] filters = new Filter[Channel.values().length];
  private final ControlledMessageHandler replayed = this::onReplayed;
  private IdSet allowed = new IdSet();
  private Release release = Release.atOnce();

  /** Whether it was told that there is nothing more for now. */
  private boolean arrived;

  /** Whether the next message of the journal is held back. */
  private boolean held;

  private Flow flow = Flow.IDLE;
  private long cursor;
  private long owed;
  private Replay replay;
  private Replayer replayer;

  /**
   * @param frames for messages that only this session needs now
   */
  Delivery(OutboundWindow window, MessageFrames frames, SessionOutput output) {
    this.window = window;
    this.frames = frames;
    this.output = output;
  }

  Flow flow() {
    return flow;
  }

  /** The last message of the stream that was sent or did not concern this session. */
  long cursor() {
    if (flow == Flow.IDLE && release.isDelayed()) {
      return lastDue();
    }
    return flow == Flow.LIVE || flow == Flow.IDLE ? window.head() : cursor;
  }

  /**
   * The last message that is old enough for this session, of those in the window; where none is,
   * the one before the window.
   */
  long lastDue() {
    return release.isDelayed() ? release.lastDue(window) : window.head();
  }

  /** Bytes that the window holds for this session beyond its cursor. */
  long owed() {
    return owed;
  }

  /** Which instruments the key may read; again whenever one is defined. */
  void allow(PeerKey key, Map<String, Integer> instrumentIds) {
    IdSet ids = new IdSet();
    instrumentIds.forEach(
        (symbol, id) -> {
          if (key.mayRead(symbol)) {
            ids.add(id);
          }
        });
    allowed = ids;
  }

  /** When this session may have what comes next. */
  void release(Release by) {
    release = by;
  }

  Release release() {
    return release;
  }

  /** Sets the filter of these channels; {@code null} ends their subscription. */
  void subscribe(int channels, Filter filter) {
    for (int i = 0; i < filters.length; i++) {
      if ((channels & (1 << i)) != 0) {
        filters[i] = filter;
      }
    }
  }

  boolean isSubscribed(int channel) {
    return filters[channel] != null;
  }

  /** What may be left out of a channel. */
  Conflation conflation(int channel) {
    return filters[channel] == null ? Conflation.NONE : filters[channel].conflation(channel);
  }

  /** Whether a channel's messages have no place in this session's stream. */
  boolean conflates(int channel) {
    return conflation(channel).mode() != Conflation.Mode.NONE;
  }

  boolean isSubscribedToAny() {
    for (Filter filter : filters) {
      if (filter != null) {
        return true;
      }
    }
    return false;
  }

  /** Whether a message concerns this session. */
  boolean wants(int channel, int instrumentId, int timeframe, int strategyId) {
    Filter filter = filters[channel];
    return filter != null
        && filter.passes(instrumentId, timeframe, strategyId)
        && (instrumentId == 0 || allowed.contains(instrumentId));
  }

  /** Whether a definition may be told to this session. */
  boolean mayKnow(DirectBuffer buffer, int offset) {
    return MessageLayout.templateId(buffer, offset) != InstrumentDefinitionDecoder.TEMPLATE_ID
        || allowed.contains(MessageLayout.instrumentId(buffer, offset));
  }

  /** Begins, or goes on, at the window's head. */
  void goLive() {
    if (release.isDelayed()) {
      startInWindow(lastDue());
      return;
    }
    flow = Flow.LIVE;
    owed = 0;
  }

  void goIdle() {
    cancelReplay();
    flow = Flow.IDLE;
    owed = 0;
  }

  /** Begins after {@code outSeq}, from which on the window must hold everything. */
  void startInWindow(long outSeq) {
    cursor = outSeq;
    flow = Flow.BEHIND;
    owed = 0;
    arrived = false;
  }

  /** Begins after {@code outSeq}, far back. */
  void startInJournal(long outSeq, GatewayContext context, WindowBounds bounds) {
    cursor = outSeq;
    flow = Flow.REPLAYING;
    owed = 0;
    arrived = false;
    replayer = context.replayer();
    replay =
        new Replay(
            replayer.takeBuffer(),
            context.history(),
            bounds,
            context.config().window(),
            outSeq,
            streamFilters(),
            context.config().replayPerSecond());
    replayer.submit(replay);
  }

  /** Of what is replayed: conflated scores are not. */
  private Filter[] streamFilters() {
    Filter[] stream = filters.clone();
    for (int i = 0; i < stream.length; i++) {
      if (conflates(i)) {
        stream[i] = null;
      }
    }
    return stream;
  }

  /** With {@link Progress#FAILED}. */
  RuntimeException failure() {
    return replay.failure();
  }

  void cancelReplay() {
    if (replay != null) {
      if (replay.outcome() == Replay.Outcome.RUNNING) {
        replay.cancel();
      }
      replay = null;
    }
  }

  /**
   * A message that concerns this session was just appended to the window.
   *
   * @param shared the message, for all that are live
   * @param last whether a flush is all that follows
   */
  Live onLive(MessageFrames shared, int channel, long outSeq, int length, boolean last) {
    if (flow == Flow.LIVE) {
      if (output.isWritable() && release.take()) {
        return shared.shareTo(output, wantsFeatures(channel), last) ? Live.SENT : Live.WRITTEN;
      }
      flow = Flow.BEHIND;
      cursor = outSeq - 1;
      owed = 0;
    }
    if (flow == Flow.BEHIND && !release.isDelayed()) {
      owed += length;
    }
    return Live.OWED;
  }

  /** Whether signals go out with their feature values. */
  boolean wantsFeatures(int channel) {
    return channel == Channel.SIGNALS.ordinal()
        && filters[channel] != null
        && filters[channel].features();
  }

  /** Brings a session that is behind a step forward. */
  Progress serve() {
    return switch (flow) {
      case BEHIND -> serveFromWindow();
      case REPLAYING -> serveFromJournal();
      case IDLE, LIVE -> Progress.NONE;
    };
  }

  private Progress serveFromWindow() {
    if (!window.continuesFrom(cursor)) {
      return Progress.FELL_OUT;
    }
    long from = cursor;
    long last = Math.min(window.head(), cursor + CHUNK);
    while (cursor < last) {
      long next = cursor + 1;
      int offset = window.offset(next);
      if (!release.isDue(window.buffer(), offset)) {
        return waiting(cursor != from);
      }
      int channel = channelIfWanted(window.buffer(), offset);
      if (channel >= 0) {
        if (!output.isWritable() || !release.take()) {
          break;
        }
        frames.begin(window.buffer(), offset, window.length(next));
        frames.writeTo(output, wantsFeatures(channel));
        owed = Math.max(0, owed - window.length(next));
      }
      cursor = next;
    }
    if (cursor == window.head() && release.isDelayed()) {
      return waiting(cursor != from);
    }
    if (cursor == window.head()) {
      goLive();
      return Progress.ARRIVED;
    }
    return cursor == from ? Progress.NONE : Progress.SOME;
  }

  /**
   * What comes next is too young, or there is none: for a delayed session that is having arrived.
   */
  private Progress waiting(boolean moved) {
    if (arrived) {
      return moved ? Progress.SOME : Progress.NONE;
    }
    arrived = true;
    return Progress.ARRIVED;
  }

  /** The channel of a message that goes to this session, or -1. */
  private int channelIfWanted(DirectBuffer buffer, int offset) {
    int channel = Channel.of(MessageLayout.templateId(buffer, offset));
    if (channel == Channel.DEFINITIONS) {
      return mayKnow(buffer, offset) ? channel : -1;
    }
    return channel >= 0
            && !conflates(channel)
            && wants(
                channel,
                MessageLayout.instrumentId(buffer, offset),
                MessageLayout.timeframe(buffer, offset),
                MessageLayout.strategyId(buffer, offset))
        ? channel
        : -1;
  }

  private Progress serveFromJournal() {
    // The outcome first: what it stands for is in the buffer then.
    Replay.Outcome outcome = replay.outcome();
    held = false;
    int sent = replay.drain(replayed, CHUNK);
    if (held) {
      return waiting(sent > 0);
    }
    if (outcome == Replay.Outcome.RUNNING || !replay.isDrained()) {
      return sent > 0 ? Progress.SOME : Progress.NONE;
    }
    if (outcome == Replay.Outcome.AGED_OUT) {
      return Progress.AGED_OUT;
    }
    if (outcome == Replay.Outcome.FAILED) {
      return Progress.FAILED;
    }
    startInWindow(replay.position());
    replayer.giveBack(replay.buffer());
    replay = null;
    return window.continuesFrom(cursor) ? Progress.SOME : Progress.FELL_OUT;
  }

  private ControlledMessageHandler.Action onReplayed(
      int type, MutableDirectBuffer buffer, int offset, int length) {
    if (!output.isWritable()) {
      return ControlledMessageHandler.Action.ABORT;
    }
    if (!release.isDue(buffer, offset)) {
      held = true;
      return ControlledMessageHandler.Action.ABORT;
    }
    int channel = channelIfWanted(buffer, offset);
    if (channel >= 0) {
      if (!release.take()) {
        return ControlledMessageHandler.Action.ABORT;
      }
      frames.begin(buffer, offset, length);
      frames.writeTo(output, wantsFeatures(channel));
    }
    cursor = MessageLayout.outSeq(buffer, offset);
    return ControlledMessageHandler.Action.COMMIT;
  }
}
