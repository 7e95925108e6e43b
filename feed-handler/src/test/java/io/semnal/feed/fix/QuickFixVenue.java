package io.semnal.feed.fix;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import quickfix.Application;
import quickfix.ConfigError;
import quickfix.Connector;
import quickfix.DefaultMessageFactory;
import quickfix.Group;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.SLF4JLogFactory;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionSettings;
import quickfix.SocketAcceptor;
import quickfix.SocketInitiator;

/** A broker made of QuickFIX/J, in either role: keeps requests, sends the prices it is told to. */
final class QuickFixVenue implements Application, AutoCloseable {
  private static final int MSG_TYPE = 35;

  /** Application messages that came, with {@code |} for the separator. */
  final List<Message> requests = new CopyOnWriteArrayList<>();

  final SessionID id;
  private final Connector connector;

  private QuickFixVenue(SessionSettings settings, SessionID id, boolean initiator)
      throws ConfigError {
    this.id = id;
    SLF4JLogFactory log = new SLF4JLogFactory(settings);
    connector =
        initiator
            ? new SocketInitiator(
                this, new MemoryStoreFactory(), settings, log, new DefaultMessageFactory())
            : new SocketAcceptor(
                this, new MemoryStoreFactory(), settings, log, new DefaultMessageFactory());
    connector.start();
  }

  /** A venue of that name that listens. */
  static QuickFixVenue acceptor(String name, int port) throws ConfigError {
    SessionID id = new SessionID("FIX.4.4", name, "SEMNAL");
    return new QuickFixVenue(settings(id, false, port), id, false);
  }

  /** The same over TLS. */
  static QuickFixVenue acceptor(String name, int port, Path keyStore, String password)
      throws ConfigError {
    SessionID id = new SessionID("FIX.4.4", name, "SEMNAL");
    SessionSettings settings = settings(id, false, port);
    settings.setString(id, "SocketUseSSL", "Y");
    // With 1.3 its Logon never comes, whoever begins.
    settings.setString(id, "EnabledProtocols", "TLSv1.2");
    settings.setString(id, "SocketKeyStore", keyStore.toString());
    settings.setString(id, "SocketKeyStorePassword", password);
    settings.setString(id, "KeyStoreType", "PKCS12");
    return new QuickFixVenue(settings, id, false);
  }

  /** A venue of that name that connects to us, over TLS where it has whom to trust. */
  static QuickFixVenue initiator(String name, int port, Path trusted, String password)
      throws ConfigError {
    SessionID id = new SessionID("FIX.4.4", name, "SEMNAL");
    SessionSettings settings = settings(id, true, port);
    if (trusted != null) {
      settings.setString(id, "SocketUseSSL", "Y");
      settings.setString(id, "EnabledProtocols", "TLSv1.2");
      settings.setString(id, "SocketTrustStore", trusted.toString());
      settings.setString(id, "SocketTrustStorePassword", password);
      settings.setString(id, "TrustStoreType", "PKCS12");
    }
    return new QuickFixVenue(settings, id, true);
  }

  private static SessionSettings settings(SessionID id, boolean initiator, int port) {
    SessionSettings settings = new SessionSettings();
    settings.setString(id, "ConnectionType", initiator ? "initiator" : "acceptor");
    settings.setString(id, "StartTime", "00:00:00");
    settings.setString(id, "EndTime", "00:00:00");
    settings.setString(id, "NonStopSession", "Y");
    // What we send is held against its dictionary.
    settings.setString(id, "UseDataDictionary", "Y");
    settings.setString(id, "DataDictionary", "FIX44.xml");
    settings.setString(id, "ReconnectInterval", "1");
    settings.setString(id, "HeartBtInt", "30");
    settings.setString(id, "ResetOnLogon", initiator ? "Y" : "N");
    settings.setString(id, "SocketConnectHost", "127.0.0.1");
    settings.setString(id, "SocketAcceptAddress", "127.0.0.1");
    settings.setString(id, initiator ? "SocketConnectPort" : "SocketAcceptPort", "" + port);
    return settings;
  }

  Session session() {
    return Session.lookupSession(id);
  }

  /** The id of the last request for prices of that symbol. */
  String request(String symbol) {
    String found = null;
    for (Message request : requests) {
      String text = request.toString().replace('\1', '|');
      if (text.contains("|35=V|") && text.contains("|263=1|") && text.contains("|55=" + symbol)) {
        found = text.replaceAll(".*\\|262=([^|]*)\\|.*", "$1");
      }
    }
    return found;
  }

  private static Message message(String type) {
    Message message = new Message();
    message.getHeader().setString(MSG_TYPE, type);
    return message;
  }

  void send(Message message) {
    if (!session().send(message)) {
      throw new AssertionError(id + " could not send " + message);
    }
  }

  /** A snapshot (W) of one price a side. */
  void snapshot(String symbol, String time, String bid, String ask) {
    Message w = message("W");
    w.setString(262, request(symbol));
    w.setString(55, symbol);
    w.setString(60, time);
    entry(w, null, symbol, '0', bid);
    entry(w, null, symbol, '1', ask);
    send(w);
  }

  /** An incremental (X): one side has a new price under the id that it had. */
  void increment(String symbol, String time, char side, String price) {
    Message x = message("X");
    x.setString(262, request(symbol));
    x.setString(60, time);
    entry(x, "1", symbol, side, price);
    send(x);
  }

  private static void entry(Message message, String action, String symbol, char side, String px) {
    Group entry = action == null ? new Group(268, 269) : new Group(268, 279);
    if (action != null) {
      entry.setString(279, action);
      entry.setString(55, symbol);
    }
    entry.setChar(269, side);
    entry.setString(278, symbol + side);
    entry.setString(270, px);
    entry.setString(271, "1000000");
    message.addGroup(entry);
  }

  /** A streamed quote (S). */
  void quote(String symbol, String time, String bid, String ask) {
    Message s = message("S");
    s.setString(117, "Q1");
    s.setString(55, symbol);
    s.setString(132, bid);
    s.setString(133, ask);
    s.setString(60, time);
    send(s);
  }

  /** A mass quote (i) that asks for its acknowledgement. */
  void massQuote(String quoteId, String symbol, String time, String bid, String ask) {
    Message i = message("i");
    i.setString(117, quoteId);
    i.setInt(301, 1);
    i.setString(60, time);
    Group entry = new Group(295, 299);
    entry.setString(299, "0");
    entry.setString(132, bid);
    entry.setString(133, ask);
    Group set = new Group(296, 302);
    set.setString(302, "1");
    set.setString(311, symbol);
    set.addGroup(entry);
    i.addGroup(set);
    send(i);
  }

  @Override
  public void fromApp(Message message, SessionID session) {
    requests.add(message);
  }

  @Override
  public void onCreate(SessionID session) {}

  @Override
  public void onLogon(SessionID session) {}

  @Override
  public void onLogout(SessionID session) {}

  @Override
  public void toAdmin(Message message, SessionID session) {}

  @Override
  public void fromAdmin(Message message, SessionID session) {}

  @Override
  public void toApp(Message message, SessionID session) {}

  @Override
  public void close() {
    connector.stop(true);
  }
}
