package io.semnal.feed.fix;

import io.semnal.core.market.Instrument;
import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixGroup;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.session.FixSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks a venue for prices as its profile says, and knows which request is which. On the session's
 * thread; cold: it allocates.
 */
final class Subscription {
  private static final int SECURITY_REQ_ID = 320;
  private static final int SECURITY_LIST_REQUEST_TYPE = 559;
  private static final int ALL_SECURITIES = 4;
  private static final int LAST_FRAGMENT = 893;

  private final VenueProfile profile;
  private final List<Instrument> instruments;
  private final String[] names;
  private final SymbolTable symbols;
  private final String[] requests;
  private final FixGroup group = new FixGroup();
  private boolean listing;
  private long lastRequest;

  /**
   * @param own the venue's names by ours, beside the profile's
   */
  Subscription(
      VenueProfile profile,
      List<Instrument> instruments,
      Map<String, String> own,
      SymbolTable symbols) {
    this.profile = profile;
    this.instruments = List.copyOf(instruments);
    this.symbols = symbols;
    names = new String[instruments.size()];
    requests = new String[instruments.size()];
    for (int i = 0; i < names.length; i++) {
      Instrument instrument = instruments.get(i);
      boolean given =
          own.containsKey(instrument.symbol())
              || profile.symbols().containsKey(instrument.symbol());
      if (profile.byId() && !given) {
        throw new IllegalArgumentException(
            "the venue numbers its instruments: symbols must say which is " + instrument.symbol());
      }
      if (given || !profile.securityList()) {
        name(i, profile.venueName(instrument.symbol(), instrument.base(), instrument.quote(), own));
      }
    }
  }

  private void name(int instrument, String name) {
    names[instrument] = name;
    symbols.put(name, instrument);
  }

  /**
   * A session is up: asks for the list of instruments where the profile says so, then for prices.
   */
  void begin(FixSession session) {
    listing = profile.securityList();
    if (listing) {
      session
          .begin(MsgType.SECURITY_LIST_REQUEST)
          .text(SECURITY_REQ_ID, nextId())
          .integer(SECURITY_LIST_REQUEST_TYPE, ALL_SECURITIES);
      session.send();
    } else {
      requestAll(session);
    }
  }

  private String nextId() {
    return "S" + ++lastRequest;
  }

  /**
   * A security list came.
   *
   * @return symbols of ours that the venue does not list, once the list is whole; else none
   */
  List<String> onList(FixSession session, FixMessage message) {
    group.open(message, Tag.NO_RELATED_SYM);
    while (group.next()) {
      String venue = group.text(profile.byId() ? Tag.SECURITY_ID : Tag.SYMBOL);
      String told = profile.nameTag() > 0 ? group.text(profile.nameTag()) : venue;
      int at = indexOf(told);
      if (at >= 0 && venue != null && names[at] == null) {
        name(at, venue);
      }
    }
    boolean whole = message.character(LAST_FRAGMENT) != 'N';
    if (!listing || !whole) {
      return List.of();
    }
    listing = false;
    requestAll(session);
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      if (names[i] == null) {
        missing.add(instruments.get(i).symbol());
      }
    }
    return missing;
  }

  private int indexOf(String told) {
    if (told != null) {
      String plain = told.replaceAll("[^A-Za-z]", "").toUpperCase(java.util.Locale.ROOT);
      for (int i = 0; i < instruments.size(); i++) {
        if (instruments.get(i).symbol().equals(plain)) {
          return i;
        }
      }
    }
    return -1;
  }

  private void requestAll(FixSession session) {
    if (profile.perSymbol()) {
      for (int i = 0; i < names.length; i++) {
        request(session, i);
      }
    } else {
      requestEverything(session);
    }
  }

  private void requestEverything(FixSession session) {
    String id = nextId();
    java.util.Arrays.fill(requests, id);
    write(session, id, profile.requestType(), -1);
  }

  private void request(FixSession session, int instrument) {
    if (names[instrument] != null) {
      requests[instrument] = nextId();
      write(session, requests[instrument], profile.requestType(), instrument);
    }
  }

  /** Ends a subscription and begins it anew, for a fresh picture; all of them where one is one. */
  void renew(FixSession session, int instrument) {
    if (requests[instrument] == null) {
      return;
    }
    boolean each = profile.perSymbol();
    write(session, requests[instrument], "2", each ? instrument : -1);
    if (each) {
      request(session, instrument);
    } else {
      requestEverything(session);
    }
  }

  private void write(FixSession session, String id, String type, int instrument) {
    FixEncoder out =
        session
            .begin(MsgType.MARKET_DATA_REQUEST)
            .text(Tag.MD_REQ_ID, id)
            .text(Tag.SUBSCRIPTION_REQUEST_TYPE, type)
            .integer(Tag.MARKET_DEPTH, profile.depth());
    if (!profile.updateType().isEmpty()) {
      out.text(Tag.MD_UPDATE_TYPE, profile.updateType());
    }
    if (!profile.aggregated().isEmpty()) {
      out.text(Tag.AGGREGATED_BOOK, profile.aggregated());
    }
    profile.custom().forEach(field -> out.text(field.tag(), field.value()));
    out.integer(Tag.NO_MD_ENTRY_TYPES, profile.entryTypes().size());
    profile.entryTypes().forEach(entry -> out.text(Tag.MD_ENTRY_TYPE, entry));
    int first = instrument < 0 ? 0 : instrument;
    int last = instrument < 0 ? names.length - 1 : instrument;
    int count = 0;
    for (int i = first; i <= last; i++) {
      count += names[i] == null ? 0 : 1;
    }
    out.integer(Tag.NO_RELATED_SYM, count);
    for (int i = first; i <= last; i++) {
      if (names[i] != null) {
        symbol(out, names[i]);
      }
    }
    session.send();
  }

  private void symbol(FixEncoder out, String name) {
    if (profile.byId()) {
      out.text(Tag.SECURITY_ID, name).text(Tag.SECURITY_ID_SOURCE, profile.idSource());
    } else {
      out.text(Tag.SYMBOL, name);
    }
  }

  /** Whether a price message belongs to a request that was ended. */
  boolean isStale(FixMessage message, int instrument) {
    int at = message.find(Tag.MD_REQ_ID);
    String current = instrument < 0 ? null : requests[instrument];
    return at >= 0 && current != null && !message.equalsAt(at, current);
  }

  /** The instruments that a request is for, by name; or the request's id. */
  String describe(String request) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < requests.length; i++) {
      if (request != null && request.equals(requests[i])) {
        found.add(instruments.get(i).symbol());
      }
    }
    return found.isEmpty() ? "request " + request : String.join(", ", found);
  }

  /** The instruments that a request is for. */
  boolean isFor(String request, int instrument) {
    return request != null && request.equals(requests[instrument]);
  }
}
