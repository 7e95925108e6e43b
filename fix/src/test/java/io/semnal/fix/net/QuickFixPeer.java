package io.semnal.fix.net;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import quickfix.Application;
import quickfix.ConfigError;
import quickfix.Connector;
import quickfix.DefaultMessageFactory;
import quickfix.FieldNotFound;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionSettings;
import quickfix.SocketAcceptor;
import quickfix.SocketInitiator;
import quickfix.field.MsgType;
import quickfix.field.Text;

/** QuickFIX/J as the other side of a session, in either role. */
final class QuickFixPeer implements Application, AutoCloseable {
  final List<String> texts = new CopyOnWriteArrayList<>();
  final List<String> admin = new CopyOnWriteArrayList<>();
  final SessionID id;
  private final Connector connector;

  private QuickFixPeer(SessionSettings settings, SessionID id, boolean initiator)
      throws ConfigError {
    this.id = id;
    connector =
        initiator
            ? SocketInitiator.newBuilder()
                .withApplication(this)
                .withMessageStoreFactory(new MemoryStoreFactory())
                .withSettings(settings)
                .withLogFactory(new quickfix.SLF4JLogFactory(settings))
                .withMessageFactory(new DefaultMessageFactory())
                .build()
            : SocketAcceptor.newBuilder()
                .withApplication(this)
                .withMessageStoreFactory(new MemoryStoreFactory())
                .withSettings(settings)
                .withLogFactory(new quickfix.SLF4JLogFactory(settings))
                .withMessageFactory(new DefaultMessageFactory())
                .build();
  }

  static QuickFixPeer initiator(String version, int port, boolean reset) throws ConfigError {
    return of(version, true, port, reset);
  }

  static QuickFixPeer acceptor(String version, int port) throws ConfigError {
    return of(version, false, port, false);
  }

  private static QuickFixPeer of(String version, boolean initiator, int port, boolean reset)
      throws ConfigError {
    SessionSettings settings = new SessionSettings();
    SessionID id = new SessionID(version, "QFJ", "SEMNAL");
    settings.setString(id, "ConnectionType", initiator ? "initiator" : "acceptor");
    settings.setString(id, "StartTime", "00:00:00");
    settings.setString(id, "EndTime", "00:00:00");
    settings.setString(id, "NonStopSession", "Y");
    settings.setString(id, "UseDataDictionary", "N");
    settings.setString(id, "ReconnectInterval", "1");
    settings.setString(id, "HeartBtInt", "30");
    settings.setString(id, "ResetOnLogon", reset ? "Y" : "N");
    settings.setString(id, "SocketConnectHost", "127.0.0.1");
    settings.setString(id, "SocketAcceptAddress", "127.0.0.1");
    settings.setString(id, initiator ? "SocketConnectPort" : "SocketAcceptPort", "" + port);
    if (version.startsWith("FIXT")) {
      settings.setString(id, "DefaultApplVerID", "FIX.5.0SP2");
    }
    return new QuickFixPeer(settings, id, initiator);
  }

  void start() throws ConfigError {
    connector.start();
  }

  Session session() {
    return Session.lookupSession(id);
  }

  void send(String text) {
    Message message = new Message();
    message.getHeader().setString(MsgType.FIELD, MsgType.NEWS);
    message.setString(Text.FIELD, text);
    session().send(message);
  }

  @Override
  public void fromApp(Message message, SessionID session) throws FieldNotFound {
    texts.add(message.getString(Text.FIELD));
  }

  @Override
  public void fromAdmin(Message message, SessionID session) throws FieldNotFound {
    admin.add(message.getHeader().getString(MsgType.FIELD));
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
  public void toApp(Message message, SessionID session) {}

  @Override
  public void close() {
    connector.stop(true);
  }
}
