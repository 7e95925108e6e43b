package io.semnal.bench.wire;

import java.net.InetAddress;
import java.net.ServerSocket;
import quickfix.Application;
import quickfix.DefaultMessageFactory;
import quickfix.DoNotSend;
import quickfix.FieldNotFound;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.ScreenLogFactory;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionNotFound;
import quickfix.SessionSettings;
import quickfix.SocketAcceptor;

/**
 * A QuickFIX/J acceptor that answers each price with an IOI of Semnal's length, and does nothing
 * else. A process of its own.
 */
final class QuickFixEcho implements Application {
  static final String NAME = "ECHO";
  static final String PEER = "BENCH";
  private static final int FRAME = 130;

  private final String padding;

  private QuickFixEcho(int reply) {
    padding = "x".repeat(Math.max(1, reply - FRAME));
  }

  /**
   * @param args bytes of a reply
   */
  public static void main(String[] args) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    SessionID id = new SessionID("FIX.4.4", NAME, PEER);
    SessionSettings s = new SessionSettings();
    s.setString(id, "ConnectionType", "acceptor");
    s.setString(id, "NonStopSession", "Y");
    s.setString(id, "StartTime", "00:00:00");
    s.setString(id, "EndTime", "00:00:00");
    s.setString(id, "UseDataDictionary", "N");
    s.setString(id, "SocketTcpNoDelay", "Y");
    s.setString(id, "SocketAcceptAddress", "127.0.0.1");
    s.setString(id, "SocketAcceptPort", Integer.toString(port));
    SocketAcceptor acceptor =
        SocketAcceptor.newBuilder()
            .withApplication(new QuickFixEcho(Integer.parseInt(args[0])))
            .withMessageStoreFactory(new MemoryStoreFactory())
            .withSettings(s)
            .withLogFactory(new ScreenLogFactory(false, false, false, false))
            .withMessageFactory(new DefaultMessageFactory())
            .build();
    acceptor.start();
    System.out.println(port);
    Thread.currentThread().join();
  }

  @Override
  public void fromApp(Message message, SessionID session) throws FieldNotFound {
    Message reply = new Message();
    reply.getHeader().setString(35, "6");
    reply.setString(23, message.getString(262));
    reply.setString(28, "N");
    reply.setString(55, "EUR/USD");
    reply.setString(54, "1");
    reply.setString(27, "S");
    reply.setString(58, padding);
    try {
      Session.sendToTarget(reply, session);
    } catch (SessionNotFound e) {
      throw new IllegalStateException(e);
    }
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
  public void toApp(Message message, SessionID session) throws DoNotSend {}
}
