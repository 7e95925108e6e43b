package io.semnal.feed.session;

import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.FeedAckDecoder;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.ShutdownDecoder;
import io.semnal.protocol.session.FrameChannel;
import io.semnal.protocol.session.MessageCheck;
import io.semnal.protocol.session.SessionTerms;
import io.semnal.protocol.session.SessionWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;

/** One connection of a {@link FeedClient}: logs in, finds its place in the input, streams. */
final class FeedRun implements AutoCloseable {
  private static final int BATCH = 1 << 16;
  private static final int QUOTE = MessageLayout.HEADER + QuoteEncoder.BLOCK_LENGTH;
  private static final int READS = 256;
  private static final long POLL_EVERY = 500_000L;
  private static final long LONGEST_WAIT = 10_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final int DEAD_HEARTBEATS = 3;

  private final FeedClient client;
  private final FeedClient.Options options;
  private final Tick tick = new Tick();
  private final Map<String, Integer> ids = new HashMap<>();
  private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteEncoder quote = new QuoteEncoder();
  private final FeedAckDecoder ack = new FeedAckDecoder();
  private FrameChannel channel;
  private TickSource ticks;
  private SessionTerms terms;
  private int[] instruments;
  private boolean ready;
  private long index;
  private long settled;
  private long heardAt;
  private long sentAt;
  private long polledAt;

  /** The input failed, not the connection. */
  static final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient IOException cause;

    InputException(IOException cause) {
      super(cause);
      this.cause = cause;
    }

    IOException cause() {
      return cause;
    }
  }

  FeedRun(FeedClient client) {
    this.client = client;
    options = client.options();
  }

  /** Returns when the server has settled every tick of the input. */
  void toTheEnd() throws IOException {
    channel = FrameChannel.connect(options.address(), options.tls(), options.timeout());
    terms = channel.login(Role.FEED, options.key(), options.clientName(), options.timeout());
    settled = terms.lastSourceSeq();
    client.connected(settled);
    awaitDefinitions();
    resolve();
    if (!skip()) {
      return;
    }
    stream();
  }

  private void awaitDefinitions() throws IOException {
    heardAt = System.nanoTime();
    long deadline = heardAt + options.timeout().toNanos();
    while (!ready) {
      if (channel.poll(this::onMessage, 1) == 0) {
        long left = (deadline - System.nanoTime()) / MILLI;
        if (left <= 0) {
          throw new IOException("the server did not say which instruments it takes");
        }
        channel.await(left);
      }
    }
  }

  private void resolve() throws SessionEndedException {
    List<String> symbols = client.symbols();
    instruments = new int[symbols.size()];
    for (int i = 0; i < instruments.length; i++) {
      Integer id = ids.get(symbols.get(i));
      if (id == null) {
        throw new SessionEndedException(
            "the server does not take "
                + symbols.get(i)
                + " from this key; it takes "
                + new TreeSet<>(ids.keySet()),
            false);
      }
      instruments[i] = id;
    }
  }

  /** Opens the input and passes over what the server has; false if that is all there is. */
  private boolean skip() {
    try {
      ticks = client.ticks().open();
    } catch (IOException e) {
      throw new InputException(e);
    }
    while (index < settled) {
      if (!next()) {
        return false;
      }
      index++;
      client.skipped(index, tick.eventTime);
    }
    return true;
  }

  private boolean next() {
    try {
      return ticks.next(tick);
    } catch (IOException e) {
      throw new InputException(e);
    }
  }

  private void stream() throws IOException {
    long startedAt = System.nanoTime();
    sentAt = startedAt;
    long firstIndex = index;
    boolean more = next();
    long firstEvent = tick.eventTime;
    Pace pace = options.pace();
    while (more || settled < index) {
      long now = System.nanoTime();
      long planned =
          more
              ? startedAt + pace.plannedNanos(index - firstIndex, tick.eventTime - firstEvent)
              : now + LONGEST_WAIT;
      if (more && planned - now <= 0 && channel.pending() < BATCH && write()) {
        more = next();
        if (now - polledAt >= POLL_EVERY) {
          exchange(now);
        }
        continue;
      }
      exchange(now);
      if (more || settled < index) {
        rest(planned - System.nanoTime());
      }
    }
  }

  private boolean write() {
    int at = channel.claim(QUOTE);
    if (at < 0) {
      return false;
    }
    quote
        .wrapAndApplyHeader(channel.outBuffer(), at, headerEncoder)
        .journalSeq(0)
        .time(0)
        .eventTime(tick.eventTime)
        .receiveTime(MessageLayout.ABSENT)
        .sourceSeq(index + 1)
        .bid(tick.bid)
        .ask(tick.ask)
        .bidSize(tick.bidSize)
        .askSize(tick.askSize)
        .sourceId(terms.sourceId())
        .instrumentId(instruments[Math.max(0, tick.instrument)]);
    quote.flags().clear();
    channel.commit(QUOTE);
    index++;
    client.sent(index);
    return true;
  }

  /** Sends what is queued and hears what the server says. */
  private void exchange(long now) throws IOException {
    polledAt = now;
    long heartbeat = terms.heartbeatMillis() * MILLI;
    if (channel.pending() > 0) {
      sentAt = now;
    } else if (heartbeat > 0 && now - sentAt >= heartbeat / 2) {
      heartbeat();
      sentAt = now;
    }
    channel.flush();
    if (channel.poll(this::onMessage, READS) > 0) {
      heardAt = now;
    } else if (heartbeat > 0 && now - heardAt > DEAD_HEARTBEATS * heartbeat) {
      throw new IOException("nothing heard from the server for three heartbeats");
    }
    client.alive(now);
  }

  private void heartbeat() {
    int at = channel.claim(SessionWriter.MOST);
    channel.commit(
        new SessionWriter().heartbeat(channel.outBuffer(), at, 0, 0, MessageLayout.ABSENT));
  }

  /** Until the next quote is planned, or the server says something, or takes more. */
  private void rest(long nanos) throws IOException {
    if (channel.pending() > 0) {
      channel.await(LONGEST_WAIT / MILLI);
    } else if (nanos > 2 * MILLI) {
      channel.await(Math.min(nanos - MILLI, LONGEST_WAIT) / MILLI);
    } else if (nanos > 0) {
      LockSupport.parkNanos(nanos);
    }
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) throws IOException {
    int wrong = MessageCheck.check(buffer, offset, length);
    if (wrong != MessageCheck.OK) {
      // A template that this version does not know is skipped; anything else is no message.
      if (wrong == ErrorCode.UNEXPECTED_MESSAGE.value()) {
        return;
      }
      throw new IOException("the server sent a message that cannot be read");
    }
    switch (MessageLayout.templateId(buffer, offset)) {
      case FeedAckDecoder.TEMPLATE_ID -> {
        settled = ack.wrapAndApplyHeader(buffer, offset, header).sourceSeq();
        client.acknowledged(settled);
      }
      case InstrumentDefinitionDecoder.TEMPLATE_ID -> define(buffer, offset);
      case HeartbeatDecoder.TEMPLATE_ID -> ready = true;
      case SessionErrorDecoder.TEMPLATE_ID -> error(buffer, offset);
      case ShutdownDecoder.TEMPLATE_ID ->
          throw new SessionEndedException("the server shuts down", true);
      default -> {
        // Not for feeds.
      }
    }
  }

  private void define(DirectBuffer buffer, int offset) {
    InstrumentDefinitionDecoder definition =
        new InstrumentDefinitionDecoder().wrapAndApplyHeader(buffer, offset, header);
    int id = definition.instrumentId();
    ids.put(definition.symbol(), id);
  }

  private void error(DirectBuffer buffer, int offset) throws SessionEndedException {
    SessionErrorDecoder error =
        new SessionErrorDecoder().wrapAndApplyHeader(buffer, offset, header);
    boolean fatal = error.fatalRaw() == BooleanType.T.value();
    boolean retryable = error.retryableRaw() == BooleanType.T.value();
    String text = error.text();
    if (fatal) {
      throw new SessionEndedException("the server ended the session: " + text, retryable);
    }
    client.rejected(text);
  }

  @Override
  public void close() throws IOException {
    try {
      if (ticks != null) {
        ticks.close();
      }
    } finally {
      if (channel != null) {
        channel.close();
      }
    }
  }
}
