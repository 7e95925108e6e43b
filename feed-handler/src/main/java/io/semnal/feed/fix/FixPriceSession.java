package io.semnal.feed.fix;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.session.StatusQueue;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.DisconnectReason;
import io.semnal.fix.session.FixApplication;
import io.semnal.fix.session.FixSession;
import io.semnal.protocol.sbe.FeedState;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A venue's session as a source of quotes: subscribes when it is up, hands on what comes, marks its
 * instruments when it ends or has a gap. Prices that are sent again are never taken for new ones.
 */
final class FixPriceSession implements FixApplication, PriceListener {
  private static final Logger LOG = LoggerFactory.getLogger(FixPriceSession.class);
  private static final int MD_REJECT_REASON = 281;
  private static final int QUOTE_STATUS = 297;

  private final String name;
  private final VenueProfile profile;
  private final Subscription subscription;
  private final PriceReader reader;
  private final FixQuotes quotes;
  private final StatusQueue statuses;
  private final SourceArbiter arbiter;
  private final int place;
  private final int[] ids;
  private final Credentials secret;
  private final Counter repeated;
  private final Counter ignored;
  private final Counter gaps;
  private final Counter refused;
  private final Counter up;
  private FixSession current;
  private boolean gapMarked;
  private volatile String problem;

  /**
   * @param place in the arbiter
   * @param ids instrument ids by place
   * @param secret what an acceptor's peer must say; {@code null} = anything
   */
  FixPriceSession(
      String name,
      VenueProfile profile,
      SymbolTable symbols,
      Subscription subscription,
      FixQuotes quotes,
      StatusQueue statuses,
      SourceArbiter arbiter,
      int place,
      int[] ids,
      Credentials secret,
      Metrics metrics) {
    this.name = name;
    this.profile = profile;
    this.subscription = subscription;
    this.quotes = quotes;
    this.statuses = statuses;
    this.arbiter = arbiter;
    this.place = place;
    this.ids = ids;
    this.secret = secret;
    reader = new PriceReader(profile, symbols, ids.length, this);
    String label = "{session=\"" + name + "\"}";
    repeated = metrics.counter("fix_repeated_total" + label, "Price messages sent again, left out");
    ignored = metrics.counter("fix_ignored_total" + label, "Messages that hold no prices");
    gaps = metrics.counter("fix_gaps_total" + label, "Gaps in the numbers of messages");
    refused = metrics.counter("fix_refused_total" + label, "Requests that the venue refused");
    up = metrics.gauge("fix_session_up" + label, "1 = logged on");
    metrics.gauge("fix_unknown_entries" + label, "Entries not ours or not there", reader::unknown);
    metrics.gauge("fix_one_sided" + label, "Messages that left one side empty", reader::oneSided);
    problem = "never connected";
  }

  /** What is wrong with the session; {@code null} = nothing. Any thread. */
  String problem() {
    String what = problem;
    return what == null ? null : "FIX session " + name + ": " + what;
  }

  PriceReader reader() {
    return reader;
  }

  /** Offers what waits for room. */
  int drain() {
    return statuses.isEmpty() ? quotes.drain() : 0;
  }

  @Override
  public String onLogonRequest(FixSession session, FixMessage logon, long now) {
    return secret == null || secret.match(logon) ? null : "unknown user or wrong password";
  }

  @Override
  public void onLogon(FixSession session, long now) {
    LOG.info("FIX session {}: logged on", name);
    current = session;
    problem = null;
    up.set(1);
    reader.clear();
    quotes.forget();
    arbiter.up(place);
    statuses.state(quotes.sourceId(), 0, FeedState.UP, "logged on");
    subscription.begin(session);
  }

  @Override
  public void onLogout(FixSession session, DisconnectReason reason, long now) {
    LOG.warn("FIX session {}: ended: {}", name, reason);
    current = null;
    problem = "ended: " + reason;
    up.set(0);
    reader.clear();
    // Every price that waited belongs to a picture that is no more.
    quotes.forget();
    arbiter.down(place);
    statuses.state(quotes.sourceId(), 0, FeedState.DOWN, "FIX session ended: " + reason);
  }

  @Override
  public void onLogonFailed(FixSession session, DisconnectReason reason, String text, long now) {
    problem = "no logon: " + reason + (text == null ? "" : ": " + text);
    LOG.warn("FIX session {}: {}", name, problem);
  }

  @Override
  public boolean onResend(FixSession session, FixMessage sent, long now) {
    // Nobody wants an old request for prices.
    return false;
  }

  @Override
  public void onGapFilled(FixSession session, long from, long before, long now) {
    gap(session);
  }

  @Override
  public void onMessage(FixSession session, FixMessage message, long now) {
    int type = message.msgType();
    if (PriceReader.isPrice(type)) {
      onPrices(session, message);
      return;
    }
    switch (type) {
      case MsgType.MARKET_DATA_REQUEST_REJECT ->
          refused(
              message.text(Tag.MD_REQ_ID), message.text(MD_REJECT_REASON), message.text(Tag.TEXT));
      case MsgType.SECURITY_LIST -> {
        List<String> missing = subscription.onList(session, message);
        if (!missing.isEmpty()) {
          problem = "the venue does not list " + String.join(", ", missing);
          LOG.warn("FIX session {}: {}", name, problem);
        }
      }
      case MsgType.BUSINESS_MESSAGE_REJECT ->
          refused(
              message.text(Tag.BUSINESS_REJECT_REF_ID),
              message.text(Tag.BUSINESS_REJECT_REASON),
              message.text(Tag.TEXT));
      default -> ignored.increment();
    }
  }

  private void onPrices(FixSession session, FixMessage message) {
    if (message.isYes(Tag.POSS_DUP_FLAG)) {
      repeated.incrementOwned();
      gap(session);
      return;
    }
    int instrument = reader.instrument(message);
    if (subscription.isStale(message, instrument)) {
      ignored.incrementOwned();
      return;
    }
    gapMarked = false;
    reader.onMessage(message);
    if (message.msgType() == MsgType.MASS_QUOTE) {
      acknowledge(session, message);
    }
  }

  private void acknowledge(FixSession session, FixMessage message) {
    int id = message.find(Tag.QUOTE_ID);
    boolean asked = message.integer(Tag.QUOTE_RESPONSE_LEVEL) > 0;
    boolean due =
        switch (profile.massQuoteAck()) {
          case ASKED -> asked;
          case ALWAYS -> true;
          case NEVER -> false;
        };
    if (due && id >= 0) {
      session.begin(MsgType.MASS_QUOTE_ACKNOWLEDGEMENT).copy(message, id).integer(QUOTE_STATUS, 0);
      session.send();
    }
  }

  private void gap(FixSession session) {
    if (!session.isLoggedOn()) {
      return;
    }
    if (profile.gap() == VenueProfile.Gap.IGNORE) {
      // The next message is a whole picture; what was lost is a hole all the same.
      if (!gapMarked) {
        gapMarked = true;
        gaps.increment();
        statuses.state(quotes.sourceId(), 0, FeedState.STALE, "messages are missing");
      }
      return;
    }
    boolean any = false;
    for (int i = 0; i < ids.length; i++) {
      if (!reader.isAwaiting(i) && reader.book(i).entries() > 0) {
        any = true;
        reader.forget(i, true);
        if (profile.perSymbol()) {
          subscription.renew(session, i);
        }
      }
    }
    if (any) {
      gaps.increment();
      if (!profile.perSymbol()) {
        subscription.renew(session, 0);
      }
      statuses.state(quotes.sourceId(), 0, FeedState.STALE, "messages are missing");
    }
  }

  @Override
  public void onMissing(int instrument) {
    gaps.increment();
    statuses.state(
        quotes.sourceId(), ids[instrument], FeedState.STALE, "updates are missing (RptSeq)");
    if (current != null) {
      subscription.renew(current, instrument);
    }
  }

  @Override
  public void onReject(FixSession session, FixMessage reject, long now) {
    problem =
        "the venue rejects message "
            + reject.text(Tag.REF_SEQ_NUM)
            + " for tag "
            + reject.text(Tag.REF_TAG_ID)
            + ": "
            + reject.text(Tag.TEXT);
    refused.increment();
    LOG.warn("FIX session {}: {}", name, problem);
  }

  private void refused(String request, String reason, String text) {
    refused.increment();
    problem =
        "the venue refuses prices of "
            + subscription.describe(request)
            + " (reason "
            + reason
            + "): "
            + text;
    LOG.warn("FIX session {}: {}", name, problem);
    for (int i = 0; i < ids.length; i++) {
      if (subscription.isFor(request, i)) {
        statuses.state(quotes.sourceId(), ids[i], FeedState.STALE, "refused by the venue: " + text);
      }
    }
  }

  @Override
  public void onPrice(
      int instrument, long eventTime, long bid, long ask, long bidSize, long askSize) {
    quotes.take(instrument, eventTime, bid, ask, bidSize, askSize, statuses.isEmpty());
  }
}
