package io.semnal.gateway;

import io.semnal.core.access.AuditLog;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.DisconnectReason;
import io.semnal.fix.session.FixApplication;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.session.SessionDirectory;
import io.semnal.fix.store.MemoryStore;
import io.semnal.fix.store.MessageStore;
import io.semnal.gateway.fix.FixRequests;
import io.semnal.gateway.fix.FixRequests.Request;
import io.semnal.gateway.fix.UserTag;
import io.semnal.protocol.session.PeerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One FIX connection's client: finds the session that its Logon names, couples it with a {@link
 * ClientSession}, and puts what it asks for to that. Loop thread.
 */
final class FixClient implements SessionDirectory, FixApplication {
  private static final Logger LOG = LoggerFactory.getLogger(FixClient.class);
  private static final Runnable NOTHING = () -> {};
  private static final int SMALL_STORE = 1 << 12;
  private static final int UNSUPPORTED_TYPE = 3;
  private static final int OTHER = 0;
  private static final int MOST_MESSAGE = 64 * 1024;

  private final SessionHub hub;
  private final GatewayContext context;
  private final FixLogons logons;
  private final FixStores stores;
  private final FixOutput output;
  private final ClientSession client;
  private final FixRequests requests = new FixRequests();
  private FixSession session;
  private PeerKey key;
  private Request first;
  private String refusal;
  private FixStores.Lease lease;
  private Runnable whenReady = NOTHING;
  private boolean decided;

  FixClient(SessionHub hub, FixLogons logons, FixStores stores, FixOutput output) {
    this.hub = hub;
    this.logons = logons;
    this.stores = stores;
    this.output = output;
    context = hub.context();
    client = hub.open(output);
  }

  ClientSession client() {
    return client;
  }

  /** Called when a Logon that had to wait for its store can go on. */
  void whenReady(Runnable next) {
    whenReady = next;
  }

  // Logon

  /**
   * A Logon with the right proof waits until its store is open, for that may take a disk's time.
   */
  @Override
  public boolean isReady(FixMessage logon) {
    String sender = logon.text(Tag.SENDER_COMP_ID);
    if (!decided && isForUs(logon, sender)) {
      decided = true;
      decide(logon, sender);
    }
    return lease == null || lease.isSettled();
  }

  private boolean isForUs(FixMessage logon, String sender) {
    return session == null && !client.isClosed() && logon.version() != null && sender != null;
  }

  private void decide(FixMessage logon, String sender) {
    FixLogons.Outcome outcome = logons.check(logon, output.address(), hub.now());
    refusal = outcome.refusal() == null ? admit(outcome.key(), logon) : outcome.refusal();
    if (refusal == null) {
      lease = stores.take(logon.version(), sender, () -> whenReady.run());
      if (lease == null) {
        refusal = "session " + sender + " is in use by another connection";
      }
    }
  }

  @Override
  public FixSession find(FixMessage logon) {
    String sender = logon.text(Tag.SENDER_COMP_ID);
    if (!isForUs(logon, sender)) {
      return null;
    }
    MessageStore store = lease == null ? null : lease.store();
    if (refusal == null && store == null) {
      refusal = "the session's message store cannot be opened";
    }
    if (refusal != null) {
      LOG.info("{}: FIX Logon refused: {}", output.peer(), refusal);
      hub.metrics().loginFailed();
    }
    try {
      session = session(logon, sender, store);
    } catch (IllegalArgumentException e) {
      LOG.info("{}: FIX Logon refused: {}", output.peer(), e.getMessage());
      return null;
    }
    output.begin(session, encoding(logon));
    return session;
  }

  private FixSession session(FixMessage logon, String sender, MessageStore store) {
    SessionConfig config =
        SessionConfig.acceptor(logon.version(), context.config().fix().compId(), sender)
            .heartbeatLimits(1, 3600)
            .timestampDigits(6)
            .maxMessage(MOST_MESSAGE)
            .build();
    return new FixSession(config, store == null ? new MemoryStore(SMALL_STORE) : store, this);
  }

  /** Takes the places of the session; {@code null}, or why there is none. */
  private String admit(PeerKey proven, FixMessage logon) {
    try {
      boolean waits = logon.equals(UserTag.AUTO_SUBSCRIBE, "N");
      first = waits ? null : Request.all(FixRequests.token(logon));
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
    String why = client.enter(proven, "FIX " + logon.text(Tag.SENDER_COMP_ID));
    if (why == null) {
      key = proven;
    }
    return why;
  }

  private Encoding encoding(FixMessage logon) {
    String form = logon.text(UserTag.SYMBOL_FORM);
    if (form == null) {
      return output.encoding();
    }
    return form.contains("/") ? Encoding.FIX_SLASHED : Encoding.FIX_PLAIN;
  }

  @Override
  public String onLogonRequest(FixSession of, FixMessage logon, long now) {
    return refusal;
  }

  @Override
  public void onLogon(FixSession of, long now) {
    context.audit().record(AuditLog.LOGIN, key.id(), output.peer(), "", of.config().toString());
    client.accept();
    if (first != null) {
      subscribe(first);
    }
    client.flush();
  }

  @Override
  public void onLogonFailed(FixSession of, DisconnectReason reason, String text, long now) {
    LOG.info("{}: FIX session {} did not begin: {} {}", output.peer(), of.config(), reason, text);
    client.onClosed();
  }

  @Override
  public void onLogout(FixSession of, DisconnectReason reason, long now) {
    client.onClosed();
  }

  // Requests

  @Override
  public void onMessage(FixSession of, FixMessage message, long now) {
    if (client.isClosed()) {
      return;
    }
    client.heard();
    if (message.msgType() != MsgType.USER_1) {
      of.businessReject(message, UNSUPPORTED_TYPE, "this server takes SignalRequest (35=U1) only");
      return;
    }
    try {
      subscribe(FixRequests.read(message));
    } catch (IllegalArgumentException e) {
      of.businessReject(message, OTHER, e.getMessage());
    }
  }

  /** A token begins the stream anew: what was subscribed to before ends. */
  private void subscribe(Request request) {
    if (request.token() != null && client.stream().delivery().isSubscribedToAny()) {
      client.onMessage(requests.buffer(), 0, requests.unsubscribeAll());
      output.endRepeats();
    }
    int channels = key.channels() & FixRequests.CHANNELS;
    client.onMessage(requests.buffer(), 0, requests.subscribe(request, channels));
  }

  /**
   * An IOI that is over is not sent again, nor what described a moment of the stream: gap fills
   * take their places. Cancels and News always are, and the part of a replay that was asked for.
   */
  @Override
  public boolean onResend(FixSession of, FixMessage sent, long now) {
    if (sent.msgType() == MsgType.IOI) {
      return sent.character(Tag.IOI_TRANS_TYPE) == 'C'
          || sent.isYes(Tag.POSS_RESEND)
          || isLive(sent);
    }
    return sent.msgType() == MsgType.NEWS || sent.msgType() == MsgType.BUSINESS_MESSAGE_REJECT;
  }

  private boolean isLive(FixMessage ioi) {
    long until = ioi.timestamp(Tag.VALID_UNTIL_TIME);
    return hub.openSignals().isOpen(ioi.integer(UserTag.SIGNAL_ID))
        && (until == FixMessage.NONE || until > hub.engineTime());
  }

  /** Clock work beside the session's own: its heartbeats are signs of life. */
  void onTimer() {
    if (session != null && session.isLoggedOn()) {
      client.heard();
    }
  }

  /** The connection is gone. */
  void onClosed() {
    client.onClosed();
    output.release();
    whenReady = NOTHING;
    if (lease != null) {
      stores.giveBack(lease);
      lease = null;
    }
  }
}
