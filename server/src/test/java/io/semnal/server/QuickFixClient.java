package io.semnal.server;

import io.semnal.gateway.fix.DictionaryXml;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LogonProof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import quickfix.Application;
import quickfix.DefaultMessageFactory;
import quickfix.FieldMap;
import quickfix.FieldNotFound;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionSettings;
import quickfix.SocketInitiator;

/**
 * QuickFIX/J as a broker would run it against docs/fix.md: checks each message against the
 * generated dictionary, comes back by itself, and asks for what it missed by token.
 */
final class QuickFixClient implements Application, AutoCloseable {
  private static final int TOKEN = 20000;
  private static final int OUT_SEQ = 20001;

  /** How the Logon proves the key. */
  enum Proof {
    SIGNATURE,
    PASSWORD
  }

  /** An application message of the stream: its number there, and how it came. */
  record Received(long outSeq, String type, String transaction, boolean repeated) {}

  private final List<Received> received = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final SessionID id;
  private final ClientKey key;
  private final Proof proof;
  private final SocketInitiator initiator;
  private String token;
  private int logons;

  /**
   * @param more further settings of QuickFIX/J
   */
  QuickFixClient(
      Path folder,
      String version,
      int port,
      ClientKey key,
      Proof proof,
      String token,
      Map<String, String> more)
      throws Exception {
    this.key = key;
    this.proof = proof;
    this.token = token;
    id = new SessionID(version, key.id(), "SEMNAL");
    SessionSettings s = new SessionSettings();
    s.setString(id, "ConnectionType", "initiator");
    s.setString(id, "NonStopSession", "Y");
    s.setString(id, "StartTime", "00:00:00");
    s.setString(id, "EndTime", "00:00:00");
    s.setString(id, "ReconnectInterval", "1");
    s.setString(id, "HeartBtInt", "30");
    s.setString(id, "SocketConnectHost", "127.0.0.1");
    s.setString(id, "SocketConnectPort", Integer.toString(port));
    if (DictionaryXml.versions().contains(version)) {
      Path dictionary = folder.resolve(version + ".xml");
      Files.writeString(dictionary, DictionaryXml.of(version));
      s.setString(id, "UseDataDictionary", "Y");
      s.setString(id, "DataDictionary", dictionary.toString());
      s.setString(id, "ValidateUserDefinedFields", "Y");
      s.setString(id, "ValidateFieldsOutOfOrder", "Y");
    } else {
      s.setString(id, "UseDataDictionary", "N");
      s.setString(id, "DefaultApplVerID", "9");
    }
    more.forEach((name, value) -> s.setString(id, name, value));
    initiator =
        SocketInitiator.newBuilder()
            .withApplication(this)
            .withMessageStoreFactory(new MemoryStoreFactory())
            .withSettings(s)
            .withLogFactory(new quickfix.SLF4JLogFactory(s))
            .withMessageFactory(new DefaultMessageFactory())
            .build();
    initiator.start();
  }

  @Override
  public void toAdmin(Message message, SessionID session) {
    try {
      if (!type(message).equals("A")) {
        return;
      }
      message.setString(553, key.id());
      // Nothing comes before what the session owes; then the stream is asked for.
      message.setString(20037, "N");
      if (proof == Proof.PASSWORD) {
        message.setString(554, HexFormat.of().formatHex(key.secret()));
        return;
      }
      FieldMap header = message.getHeader();
      String signature =
          LogonProof.sign(
              key,
              header.getString(52),
              header.getString(34),
              header.getString(49),
              header.getString(56));
      message.setInt(95, signature.length());
      message.setString(96, signature);
    } catch (FieldNotFound e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void onLogon(SessionID session) {
    String from;
    synchronized (this) {
      logons++;
      from = token;
      notifyAll();
    }
    Message request = new Message();
    request.getHeader().setString(35, "U1");
    request.setString(20030, "1");
    if (from != null) {
      request.setString(TOKEN, from);
    }
    Session.lookupSession(id).send(request);
  }

  @Override
  public synchronized void fromApp(Message message, SessionID session) throws FieldNotFound {
    String type = type(message);
    if (type.equals("j")) {
      refusals.add(message.toString());
    }
    boolean duplicate = message.getHeader().isSetField(43) && message.getHeader().getBoolean(43);
    if (type.equals("6") || type.equals("B") && message.isSetField(OUT_SEQ)) {
      String transaction = type.equals("6") ? message.getString(28) : "";
      received.add(
          new Received(Long.parseLong(message.getString(OUT_SEQ)), type, transaction, duplicate));
      if (!duplicate) {
        token = message.getString(TOKEN);
      }
    } else if (type.equals("U2")) {
      received.add(new Received(0, type, message.getString(20031), duplicate));
    }
    notifyAll();
  }

  private static String type(Message message) throws FieldNotFound {
    return message.getHeader().getString(35);
  }

  @Override
  public synchronized void fromAdmin(Message message, SessionID session) throws FieldNotFound {
    if (type(message).equals("3") || type(message).equals("5")) {
      refusals.add(message.toString().replace('\1', '|'));
      notifyAll();
    }
  }

  /** Waits until what has come is as wanted. */
  synchronized void await(String what, Predicate<QuickFixClient> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    while (!wanted.test(this)) {
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0) {
        throw new AssertionError(
            what + " did not come; " + received.size() + " messages, " + refusals);
      }
      wait(left);
    }
  }

  synchronized List<Received> received() {
    return List.copyOf(received);
  }

  /** Rejects, business rejects and Logouts that came. */
  synchronized List<String> refusals() {
    return List.copyOf(refusals);
  }

  synchronized int logons() {
    return logons;
  }

  @Override
  public void onCreate(SessionID session) {}

  @Override
  public void onLogout(SessionID session) {}

  @Override
  public void toApp(Message message, SessionID session) {}

  @Override
  public void close() {
    initiator.stop(true);
  }
}
