package io.semnal.feed.fix;

import io.semnal.feed.Tick;
import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixGroup;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.DisconnectReason;
import io.semnal.fix.session.FixApplication;
import io.semnal.fix.session.FixSession;
import io.semnal.protocol.MessageLayout;

/** One who listens to a {@link VenueSimulator}: what it asked for, and how it is told. */
final class VenueClient implements FixApplication {
  private static final int SIZE_TO_DECIMAL = 1_000_000;
  private static final int NANO_DIGITS = 9;
  private static final int MD_REJECT_REASON = 281;
  private static final int UNDERLYING_SYMBOL = 311;
  private static final int BID = 0;
  private static final int ASK = 1;

  /** Ticks told to one who must keep up before it is asked whether it does. */
  private static final int WINDOW = 256;

  private final VenueSimulator venue;
  private final FixGroup group = new FixGroup();
  private final String[] requests;
  private final String[] names;
  private final boolean[] told;
  private final boolean[] increments;
  private FixSession session;
  private long sent;
  private int unanswered;

  VenueClient(VenueSimulator venue, int instruments) {
    this.venue = venue;
    requests = new String[instruments];
    names = new String[instruments];
    told = new boolean[instruments];
    increments = new boolean[instruments];
  }

  /** Whether it asked for every instrument. */
  boolean isComplete() {
    for (String request : requests) {
      if (request == null) {
        return false;
      }
    }
    return session != null && session.isLoggedOn();
  }

  /** Whether it is to be told more: it has read all but the last few ticks, where that counts. */
  boolean isReady() {
    return session == null || unanswered < WINDOW && session.isWritable();
  }

  @Override
  public void onAnswer(FixSession from, long now) {
    unanswered = 0;
  }

  @Override
  public void onLogon(FixSession up, long now) {
    session = up;
    unanswered = 0;
    java.util.Arrays.fill(requests, null);
  }

  @Override
  public void onLogout(FixSession down, DisconnectReason reason, long now) {
    session = null;
    java.util.Arrays.fill(requests, null);
  }

  @Override
  public void onMessage(FixSession from, FixMessage message, long now) {
    switch (message.msgType()) {
      case MsgType.MARKET_DATA_REQUEST -> onRequest(message);
      case MsgType.MASS_QUOTE_ACKNOWLEDGEMENT -> venue.acknowledged();
      default -> from.businessReject(message, 3, "a simulated venue knows market data alone");
    }
  }

  private void onRequest(FixMessage message) {
    String id = message.text(Tag.MD_REQ_ID);
    boolean begins = message.character(Tag.SUBSCRIPTION_REQUEST_TYPE) != '2';
    boolean incremental = message.character(Tag.MD_UPDATE_TYPE) == '1';
    group.open(message, Tag.NO_RELATED_SYM);
    while (group.next()) {
      String name = group.text(Tag.SYMBOL);
      boolean byId = name == null;
      name = byId ? group.text(Tag.SECURITY_ID) : name;
      int instrument = venue.instrument(name);
      if (instrument < 0) {
        session
            .begin(MsgType.MARKET_DATA_REQUEST_REJECT)
            .text(Tag.MD_REQ_ID, id == null ? "" : id)
            .integer(MD_REJECT_REASON, 0)
            .text(Tag.TEXT, "unknown symbol " + name);
        session.send();
      } else if (begins) {
        requests[instrument] = id;
        names[instrument] = name;
        increments[instrument] = incremental;
        told[instrument] = false;
        Tick last = venue.last(instrument);
        if (last != null) {
          tell(instrument, last);
        }
      } else if (id != null && id.equals(requests[instrument])) {
        requests[instrument] = null;
      }
    }
  }

  /** Tells a tick, in the way that was asked for or that the venue insists on. */
  void tell(int instrument, Tick tick) {
    if (session == null || requests[instrument] == null || !session.isLoggedOn()) {
      return;
    }
    boolean first = !told[instrument];
    told[instrument] = true;
    switch (venue.shape()) {
      case ASKED -> marketData(instrument, tick, increments[instrument] && !first);
      case QUOTE -> quote(instrument, tick);
      case MASS_QUOTE -> massQuote(instrument, tick);
    }
    sent++;
    if (venue.waits() && ++unanswered == WINDOW) {
      session.probe();
    }
  }

  private void marketData(int instrument, Tick tick, boolean increment) {
    FixEncoder out =
        session.begin(increment ? MsgType.MARKET_DATA_INCREMENTAL : MsgType.MARKET_DATA_SNAPSHOT);
    out.text(Tag.MD_REQ_ID, requests[instrument]);
    if (!increment) {
      out.text(Tag.SYMBOL, names[instrument]);
    }
    out.timestamp(Tag.TRANSACT_TIME, tick.eventTime, NANO_DIGITS).integer(Tag.NO_MD_ENTRIES, 2);
    for (int side = BID; side <= ASK; side++) {
      if (increment) {
        out.character(Tag.MD_UPDATE_ACTION, '1');
      }
      out.character(Tag.MD_ENTRY_TYPE, side == BID ? '0' : '1')
          .character(Tag.MD_ENTRY_ID, side == BID ? 'B' : 'A');
      if (increment) {
        out.text(Tag.SYMBOL, names[instrument]);
      }
      out.decimal(Tag.MD_ENTRY_PX, side == BID ? tick.bid : tick.ask, 0);
      size(out, Tag.MD_ENTRY_SIZE, side == BID ? tick.bidSize : tick.askSize);
    }
    session.send();
  }

  private static void size(FixEncoder out, int tag, long size) {
    if (size != MessageLayout.ABSENT) {
      out.decimal(tag, size * SIZE_TO_DECIMAL, 0);
    }
  }

  private void quote(int instrument, Tick tick) {
    FixEncoder out =
        session
            .begin(MsgType.QUOTE)
            .text(Tag.QUOTE_REQ_ID, requests[instrument])
            .integer(Tag.QUOTE_ID, sent)
            .text(Tag.SYMBOL, names[instrument])
            .decimal(Tag.BID_PX, tick.bid, 0)
            .decimal(Tag.OFFER_PX, tick.ask, 0);
    size(out, Tag.BID_SIZE, tick.bidSize);
    size(out, Tag.OFFER_SIZE, tick.askSize);
    out.timestamp(Tag.TRANSACT_TIME, tick.eventTime, NANO_DIGITS);
    session.send();
  }

  private void massQuote(int instrument, Tick tick) {
    FixEncoder out =
        session
            .begin(MsgType.MASS_QUOTE)
            .integer(Tag.QUOTE_ID, sent)
            .integer(Tag.QUOTE_RESPONSE_LEVEL, 1)
            .timestamp(Tag.TRANSACT_TIME, tick.eventTime, NANO_DIGITS)
            .integer(Tag.NO_QUOTE_SETS, 1)
            .text(Tag.QUOTE_SET_ID, requests[instrument])
            .text(UNDERLYING_SYMBOL, names[instrument])
            .integer(Tag.NO_QUOTE_ENTRIES, 1)
            .integer(Tag.QUOTE_ENTRY_ID, 0)
            .decimal(Tag.BID_PX, tick.bid, 0)
            .decimal(Tag.OFFER_PX, tick.ask, 0);
    size(out, Tag.BID_SIZE, tick.bidSize);
    size(out, Tag.OFFER_SIZE, tick.askSize);
    session.send();
  }

  /** Price messages sent. */
  long sent() {
    return sent;
  }

  /** Asks the other side to end, if there is one. */
  void logout(String text, long now) {
    if (session != null) {
      session.logout(text, now);
    }
  }
}
