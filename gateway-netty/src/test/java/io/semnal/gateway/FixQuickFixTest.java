package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.RuntimeConfig.Gateway.Fix;
import io.semnal.gateway.fix.DictionaryXml;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.LogonProof;
import io.semnal.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quickfix.Application;
import quickfix.DefaultMessageFactory;
import quickfix.FieldNotFound;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionSettings;
import quickfix.SocketInitiator;
import quickfix.field.MsgSeqNum;
import quickfix.field.MsgType;
import quickfix.field.SenderCompID;
import quickfix.field.SendingTime;
import quickfix.field.TargetCompID;

/**
 * QuickFIX/J as the client, checking every message against the generated dictionary: over forced
 * disconnects and resumes by token it has each message of the journal.
 */
class FixQuickFixTest {
  private static final int STRATEGY = 7;
  private static final int ROUNDS = 3;
  private static final int PER_ROUND = 60;

  @TempDir Path directory;
  private final Outbound make = new Outbound();
  private final Random random = new Random(7);
  private final long[] open = new long[3];

  @ParameterizedTest
  @ValueSource(strings = {"FIX.4.2", "FIX.4.4"})
  void everySignalOfTheJournalArrivesOverDisconnectsAndResumes(String version) throws Exception {
    MemoryHistory history = new MemoryHistory();
    history.append(make.instrument(1, 1, "EURUSD", 5));
    history.append(make.instrument(2, 2, "USDJPY", 3));
    history.append(make.strategy(3, STRATEGY, "breakout"));
    GatewayFixture.Settings settings = new GatewayFixture.Settings();
    settings.fix = new Fix(0, "SEMNAL", directory.resolve("fix"), Fix.Symbols.SLASHED);
    TreeSet<Long> journaled = new TreeSet<>();
    try (GatewayFixture gateway = new GatewayFixture(settings, history).start();
        Client client = new Client(version, gateway.fixPort(), gateway.clientKey("all"))) {
      client.start();
      for (int round = 0; round < ROUNDS; round++) {
        client.awaitLogon();
        client.resume();
        for (int i = 0; i < PER_ROUND; i++) {
          gateway.publish(next(history, journaled));
          if (i == PER_ROUND / 2) {
            client.cut();
          }
        }
      }
      client.awaitLogon();
      client.resume();
      client.await(journaled);
      assertThat(client.rejected).isEmpty();
      assertThat(new TreeSet<>(client.seen)).isEqualTo(journaled);
      // What is not marked as possibly sent before comes once.
      assertThat(client.unmarked).doesNotHaveDuplicates();
      assertThat(client.inOrder).isTrue();
    }
  }

  /** Signals and their ends in turn, so that none is open twice. */
  private byte[] next(MemoryHistory history, TreeSet<Long> journaled) {
    long outSeq = history.head() + 1;
    int instrument = 1 + random.nextInt(2);
    if (random.nextInt(4) == 0) {
      return make.bar(outSeq, instrument, 60);
    }
    journaled.add(outSeq);
    if (open[instrument] == 0) {
      open[instrument] = outSeq;
      return make.signal(outSeq, instrument, STRATEGY, new byte[0]);
    }
    boolean over = random.nextBoolean();
    byte[] event =
        make.event(
            outSeq,
            open[instrument],
            instrument,
            STRATEGY,
            over ? SignalState.ENDED : SignalState.ACTIVE);
    open[instrument] = over ? 0 : open[instrument];
    return event;
  }

  private final class Client implements Application, AutoCloseable {
    final ConcurrentSkipListSet<Long> seen = new ConcurrentSkipListSet<>();
    final List<Long> unmarked = new CopyOnWriteArrayList<>();
    final List<String> rejected = new CopyOnWriteArrayList<>();
    volatile boolean inOrder = true;
    private final Semaphore logons = new Semaphore(0);
    private final SessionID id;
    private final ClientKey key;
    private final SocketInitiator initiator;
    private String token = "1:0";
    private long last;

    Client(String version, int port, ClientKey key) throws Exception {
      this.key = key;
      Path dictionary = directory.resolve(version + ".xml");
      Files.writeString(dictionary, DictionaryXml.of(version));
      id = new SessionID(version, key.id(), "SEMNAL");
      SessionSettings s = new SessionSettings();
      s.setString(id, "ConnectionType", "initiator");
      s.setString(id, "NonStopSession", "Y");
      s.setString(id, "StartTime", "00:00:00");
      s.setString(id, "EndTime", "00:00:00");
      s.setString(id, "ReconnectInterval", "1");
      s.setString(id, "HeartBtInt", "30");
      s.setString(id, "UseDataDictionary", "Y");
      s.setString(id, "DataDictionary", dictionary.toString());
      s.setString(id, "ValidateUserDefinedFields", "Y");
      s.setString(id, "ValidateFieldsOutOfOrder", "Y");
      s.setString(id, "SocketConnectHost", "127.0.0.1");
      s.setString(id, "SocketConnectPort", "" + port);
      initiator =
          SocketInitiator.newBuilder()
              .withApplication(this)
              .withMessageStoreFactory(new MemoryStoreFactory())
              .withSettings(s)
              .withLogFactory(new quickfix.SLF4JLogFactory(s))
              .withMessageFactory(new DefaultMessageFactory())
              .build();
    }

    void start() throws Exception {
      initiator.start();
    }

    void awaitLogon() throws InterruptedException {
      assertThat(logons.tryAcquire(60, TimeUnit.SECONDS)).as("logon").isTrue();
    }

    synchronized void resume() {
      Message request = new Message();
      request.getHeader().setString(MsgType.FIELD, "U1");
      request.setString(20000, token);
      request.setString(20030, "1");
      Session.lookupSession(id).send(request);
    }

    void cut() throws Exception {
      Session.lookupSession(id).disconnect("cut", false);
    }

    void await(TreeSet<Long> wanted) {
      Await.until(() -> wanted + ", not only " + seen, () -> seen.containsAll(wanted));
    }

    @Override
    public void toAdmin(Message message, SessionID session) {
      try {
        String type = message.getHeader().getString(MsgType.FIELD);
        if (type.equals("A")) {
          String proof =
              LogonProof.sign(
                  key,
                  message.getHeader().getString(SendingTime.FIELD),
                  message.getHeader().getString(MsgSeqNum.FIELD),
                  message.getHeader().getString(SenderCompID.FIELD),
                  message.getHeader().getString(TargetCompID.FIELD));
          message.setString(553, key.id());
          message.setInt(95, proof.length());
          message.setString(96, proof);
          message.setString(20037, "N");
        } else if (type.equals("3")) {
          rejected.add(message.toString());
        }
      } catch (FieldNotFound e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public synchronized void fromApp(Message message, SessionID session) throws FieldNotFound {
      if (message.getHeader().getString(MsgType.FIELD).equals("j")) {
        rejected.add(message.toString());
      }
      if (!message.getHeader().getString(MsgType.FIELD).equals("6")) {
        return;
      }
      long outSeq = Long.parseLong(message.getString(20001));
      seen.add(outSeq);
      boolean marked = message.getHeader().isSetField(43) || message.getHeader().isSetField(97);
      if (!marked) {
        inOrder &= outSeq > last;
        unmarked.add(outSeq);
      }
      if (outSeq > last && !message.getHeader().isSetField(43)) {
        // A resend has gaps: only the stream moves the token.
        last = outSeq;
        token = message.getString(20000);
      }
    }

    @Override
    public void onLogon(SessionID session) {
      logons.release();
    }

    @Override
    public void fromAdmin(Message message, SessionID session) throws FieldNotFound {
      if (message.getHeader().getString(MsgType.FIELD).equals("3")) {
        rejected.add(message.toString());
      }
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
}
