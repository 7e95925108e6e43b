package io.semnal.fix.session;

import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.store.MemoryStore;

/** Two sessions of ours that face each other in memory. */
final class Pair {
  static final long SECOND = 1_000_000_000L;

  final RecordingApplication initiatorApp = new RecordingApplication();
  final RecordingApplication acceptorApp = new RecordingApplication();
  final MemoryStore initiatorStore;
  final MemoryStore acceptorStore = new MemoryStore();
  final FixSession initiator;
  final FixSession acceptor;
  Wire toAcceptor;
  Wire toInitiator;
  private FixConnection atInitiator;
  private FixConnection atAcceptor;
  long now = 1_790_000_000L * SECOND;

  Pair() {
    this(
        SessionConfig.initiator(FixVersion.FIX44, "A", "B").build(),
        SessionConfig.acceptor(FixVersion.FIX44, "B", "A").build());
  }

  Pair(SessionConfig a, SessionConfig b) {
    initiatorStore = new MemoryStore();
    initiator = new FixSession(a, initiatorStore, initiatorApp);
    acceptor = new FixSession(b, acceptorStore, acceptorApp);
  }

  /** The same acceptor's side, another initiator over the same store. */
  Pair(Pair other, FixSession initiator) {
    this.initiator = initiator;
    initiatorStore = other.initiatorStore;
    acceptor = new FixSession(other.acceptor.config(), acceptorStore, acceptorApp);
  }

  void connect() {
    toAcceptor = new Wire();
    toInitiator = new Wire();
    atAcceptor =
        new FixConnection(toInitiator, SessionDirectory.of(java.util.List.of(acceptor)), 65_536);
    atInitiator = new FixConnection(toAcceptor, initiator);
    atAcceptor.opened(now);
    atInitiator.opened(now);
  }

  /** Lets everything arrive. */
  void exchange() {
    while (deliverToAcceptor() | deliverToInitiator()) {
      // until both wires are empty
    }
    if (toAcceptor.closed || toInitiator.closed) {
      cut();
    }
  }

  boolean deliverToAcceptor() {
    return deliver(toAcceptor.messages.poll(), atAcceptor);
  }

  boolean deliverToInitiator() {
    return deliver(toInitiator.messages.poll(), atInitiator);
  }

  private boolean deliver(byte[] message, FixConnection to) {
    if (message != null) {
      to.received(Wire.buffer(message), 0, message.length, now);
    }
    return message != null;
  }

  void cut() {
    atInitiator.closed(now);
    atAcceptor.closed(now);
  }

  void pass(long nanos) {
    now += nanos;
    initiator.doWork(now);
    atAcceptor.doWork(now);
  }

  void send(FixSession from, String text) {
    from.begin(MsgType.NEWS, now).text(Tag.TEXT, text);
    from.send();
  }
}
