package io.semnal.gateway;

import io.semnal.core.agent.OutboundHandler;
import io.semnal.core.ingress.MessageHandler;
import io.semnal.gateway.fix.FixMessages;
import io.semnal.gateway.fix.SignalTerms;
import io.semnal.gateway.rest.Catalogue;
import io.semnal.gateway.rest.EdgeState;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.DiscontinuityDecoder;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import org.agrona.DirectBuffer;

/**
 * All sessions of one loop, and what they share: the window, the definitions, the open signals, the
 * latest values. The hot and the edge loop have one each.
 *
 * <p>Everything runs on the loop's thread; publishing allocates nothing.
 */
public final class SessionHub implements OutboundHandler, EdgeState {
  private static final int TIMER_PARTS = 8;

  /** How exactly intervals of conflation are kept, as far as the loop's idling lets it. */
  private static final long PACE_NANOS = 5_000_000L;

  /** Connections that may be logging in while every place is taken. */
  private static final int LOGINS = 128;

  private static final long LEAST_LINGER_NANOS = 5_000_000_000L;

  private final GatewayContext context;
  private final HubMetrics metrics;
  private final OutboundWindow window;
  private final WindowBounds bounds = new WindowBounds();
  private final Directory directory = new Directory();
  private final OpenSignals openSignals = new OpenSignals();
  private final SignalTerms terms = new SignalTerms(openSignals::isOpen);
  private final SignalDecoder signal = new SignalDecoder();
  private final MessageFrames ownFrames = newFrames();
  private final SessionMessages messages = new SessionMessages();
  private final LatestQuotes quotes = new LatestQuotes(directory, messages);
  private final LatestScores scores = new LatestScores(directory, messages);
  private final CommandDesk commands = new CommandDesk(this);
  private final SessionList sessions = new SessionList();
  private final Publishing publishing;
  private volatile int sessionCount;
  private volatile int wanted;
  private final SessionList behind = new SessionList();
  private final SessionList paced = new SessionList();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final DiscontinuityDecoder discontinuity = new DiscontinuityDecoder();
  private final long timerNanos;
  private final String loopName;
  private Catalogue catalogue;
  private long epoch;
  private long engineTime = MessageLayout.ABSENT;
  private long now = System.nanoTime();
  private long nextTimer;
  private long nextPace = now;
  private long keysVersion;

  /**
   * @param loop its name in metrics: {@code hot}, {@code edge}
   */
  public SessionHub(GatewayContext context, String loop) {
    this(context, loop, false);
  }

  /**
   * @param keepsQuotes whether the latest quotes are kept while nobody views them
   */
  SessionHub(GatewayContext context, String loop, boolean keepsQuotes) {
    this.context = context;
    loopName = loop;
    metrics = new HubMetrics(context.metrics(), loop);
    keysVersion = context.keys().version();
    window = new OutboundWindow(context.config().window());
    timerNanos = Math.max(1, context.config().heartbeat().toNanos() / TIMER_PARTS);
    publishing = new Publishing(sessions, quotes, scores, keepsQuotes, newFrames());
  }

  private MessageFrames newFrames() {
    return new MessageFrames(directory, new FixMessages(directory, this::epoch, terms));
  }

  /**
   * Continues a journal, before any session: {@link #onOutbound} takes it from here. The earlier
   * outbound messages given to {@link #onEarlier} come before this call.
   */
  public void startAt(long headOutSeq, long startEpoch) {
    if (window.head() != headOutSeq) {
      window.startAt(headOutSeq);
    }
    epoch = startEpoch;
    bounds.publish(window);
  }

  /** A journaled outbound message of before the start, in order: fills caches and window. */
  public void onEarlier(DirectBuffer buffer, int offset, int length) {
    keep(buffer, offset, length);
  }

  @Override
  public void onOutbound(DirectBuffer buffer, int offset, int length, long originNanos) {
    keep(buffer, offset, length);
    metrics.message();
    publishing.onOutbound(buffer, offset, length, false);
  }

  @Override
  public void onLast(DirectBuffer buffer, int offset, int length, long originNanos) {
    keep(buffer, offset, length);
    metrics.message();
    publishing.onOutbound(buffer, offset, length, true);
  }

  /** Window, caches and time. */
  private void keep(DirectBuffer buffer, int offset, int length) {
    window.append(buffer, offset, length);
    engineTime = MessageLayout.outboundTime(buffer, offset);
    int template = MessageLayout.templateId(buffer, offset);
    switch (template) {
      case SignalDecoder.TEMPLATE_ID -> {
        openSignals.onSignal(buffer, offset, length);
        terms.keep(
            MessageLayout.outSeq(buffer, offset),
            signal.wrapAndApplyHeader(buffer, offset, header));
      }
      case SignalEventDecoder.TEMPLATE_ID -> openSignals.onEvent(buffer, offset, length);
      case DiscontinuityDecoder.TEMPLATE_ID -> {
        discontinuity.wrapAndApplyHeader(buffer, offset, header);
        epoch = discontinuity.epoch();
      }
      default -> {
        if (Channel.of(template) == Channel.DEFINITIONS) {
          define(buffer, offset, length, template);
        }
      }
    }
  }

  private void define(DirectBuffer buffer, int offset, int length, int template) {
    int known = directory.instrumentIds().size();
    directory.onDefinition(buffer, offset, length);
    catalogue = null;
    if (template == InstrumentDefinitionDecoder.TEMPLATE_ID
        && directory.instrumentIds().size() != known) {
      for (int i = 0; i < sessions.size(); i++) {
        sessions.get(i).onInstruments();
      }
    }
  }

  /** One flush for each session that was written to. */
  @Override
  public void onBatchEnd() {
    bounds.publish(window);
    publishing.flush();
  }

  /**
   * An inbound message that stands in the journal: quotes go to viewers, engine commands are
   * answered, everything else is let pass. {@link #onBatchEnd} follows.
   */
  public void onInbound(DirectBuffer buffer, int offset, int length) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case QuoteDecoder.TEMPLATE_ID, ConflatedQuoteDecoder.TEMPLATE_ID ->
          publishing.onQuote(buffer, offset);
      case EngineCommandDecoder.TEMPLATE_ID -> commands.onJournaled(buffer, offset);
      default -> {
        // Not for clients.
      }
    }
  }

  /**
   * Timers, and a step forward for every session that is behind.
   *
   * @return work done
   */
  public int doWork() {
    return doWork(System.nanoTime());
  }

  /** The same at a time of the caller's, which does not fall. */
  int doWork(long time) {
    now = time;
    int work = 0;
    if (context.keys().version() != keysVersion) {
      keysVersion = context.keys().version();
      for (int i = sessions.size() - 1; i >= 0; i--) {
        sessions.get(i).onKeys();
      }
    }
    for (int i = behind.size() - 1; i >= 0; i--) {
      ClientSession session = behind.get(i);
      if (!session.isClosed() && session.stream().serve()) {
        work++;
      }
      if (session.isClosed() || !session.stream().isBehind()) {
        behind.remove(session);
      }
    }
    if (now - nextTimer >= 0) {
      nextTimer = now + timerNanos;
      for (int i = sessions.size() - 1; i >= 0; i--) {
        sessions.get(i).onTimer(now);
      }
    }
    if (paced.size() > 0 && now - nextPace >= 0) {
      nextPace = now + PACE_NANOS;
      for (int i = paced.size() - 1; i >= 0; i--) {
        paced.get(i).onPace();
      }
    }
    publishing.flush();
    return work;
  }

  /** Tells every client that the server stops, and closes the sessions. */
  public void shutdown(long deadline, String reason) {
    for (int i = sessions.size() - 1; i >= 0; i--) {
      sessions.get(i).shutdown(deadline, reason);
    }
  }

  /** Sessions, those included that are still logging in. Any thread. */
  public int sessionCount() {
    return sessionCount;
  }

  /** See {@link Wanted}. Any thread. */
  int wanted() {
    return wanted;
  }

  @Override
  public Catalogue catalogue() {
    if (catalogue == null) {
      catalogue = directory.copy();
    }
    return catalogue;
  }

  @Override
  public void quotes(MessageHandler handler) {
    quotes.forEach(handler);
  }

  // For sessions

  ClientSession open(SessionOutput output) {
    now = System.nanoTime();
    ClientSession session = new ClientSession(this, output, now);
    sessions.add(session);
    onSessions();
    if (sessions.size() > context.config().maxSessions() + LOGINS) {
      session.refuse();
    } else {
      session.connect();
    }
    return session;
  }

  void onSubscription(ClientSession session) {
    publishing.onSubscription(session);
    onSessions();
    if (session.stream().onSubscription()) {
      paced.addIfAbsent(session);
    } else {
      paced.remove(session);
    }
  }

  void onBehind(ClientSession session) {
    behind.addIfAbsent(session);
  }

  void onDirty(ClientSession session) {
    publishing.onDirty(session);
  }

  void onClosed(ClientSession session) {
    sessions.remove(session);
    behind.remove(session);
    paced.remove(session);
    publishing.remove(session);
    commands.forget(session);
    onSessions();
  }

  private void onSessions() {
    sessionCount = sessions.size();
    wanted = publishing.wanted();
  }

  /** How long a connection is kept open after the session's end, for its last words. */
  long lingerNanos() {
    return Math.max(LEAST_LINGER_NANOS, context.config().heartbeat().toNanos());
  }

  GatewayContext context() {
    return context;
  }

  /** {@code hot} or {@code edge}. */
  String loopName() {
    return loopName;
  }

  HubMetrics metrics() {
    return metrics;
  }

  OutboundWindow window() {
    return window;
  }

  WindowBounds bounds() {
    return bounds;
  }

  Directory directory() {
    return directory;
  }

  OpenSignals openSignals() {
    return openSignals;
  }

  MessageFrames ownFrames() {
    return ownFrames;
  }

  SessionMessages messages() {
    return messages;
  }

  LatestQuotes quotes() {
    return quotes;
  }

  LatestScores scores() {
    return scores;
  }

  CommandDesk commands() {
    return commands;
  }

  long epoch() {
    return epoch;
  }

  long engineTime() {
    return engineTime;
  }

  /** The oldest message that a client can resume before. */
  long oldestOutSeq() {
    return Math.min(context.history().oldest(), window.oldest());
  }

  /** {@link System#nanoTime} of this duty cycle. */
  long now() {
    return now;
  }
}
