package io.semnal.gateway;

import io.semnal.core.access.Admission;
import io.semnal.core.access.AuditLog;
import io.semnal.core.access.LoginGuard;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.Tag;
import io.semnal.gateway.fix.FixRequests;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.LogonProof;
import io.semnal.protocol.session.PeerKey;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * Decides whose a Logon is: by a signature over its time, number and CompIDs, each used once, or by
 * a password under TLS. Wrong ones count towards the same lock as those of every other port. Loop
 * thread.
 */
final class FixLogons {
  /** How far a signer's clock may be off. */
  static final long WINDOW = 30_000_000_000L;

  private static final int MOST_REMEMBERED = 65_536;
  private static final String WRONG = "key and proof do not fit";

  /** A Logon's key, or why it is refused. */
  record Outcome(PeerKey key, String refusal) {}

  private record Seen(String proof, long until) {}

  private final GatewayContext context;
  private final String compId;
  private final boolean secure;
  private final long openedAt;
  private final ArrayDeque<Seen> seen = new ArrayDeque<>();
  private final Set<String> proofs = new HashSet<>();

  FixLogons(GatewayContext context) {
    this.context = context;
    compId = context.config().fix().compId();
    secure = context.tls() != null;
    openedAt = context.wallNanos();
  }

  /**
   * @param nanos {@link System#nanoTime}
   */
  Outcome check(FixMessage logon, InetAddress address, long nanos) {
    String keyId = keyId(logon);
    Outcome outcome = decide(logon, keyId, address, nanos);
    if (outcome.refusal() == null) {
      context.admission().succeeded(keyId, address);
      return outcome;
    }
    context
        .audit()
        .record(
            AuditLog.REFUSED,
            LoginGuard.printable(keyId),
            address.getHostAddress(),
            ErrorCode.AUTHENTICATION_FAILED.name(),
            "FIX: " + outcome.refusal());
    return outcome;
  }

  /** Username (553), else SenderCompID (49). */
  static String keyId(FixMessage logon) {
    String user = logon.text(Tag.USERNAME);
    String id = user == null ? logon.text(Tag.SENDER_COMP_ID) : user;
    return id == null ? "" : id;
  }

  private Outcome decide(FixMessage logon, String keyId, InetAddress address, long nanos) {
    Admission admission = context.admission();
    if (!admission.mayTry(address, nanos)) {
      return refused("too many logins from this address");
    }
    long locked = admission.locked(keyId, address, nanos);
    if (locked > 0) {
      return refused(LoginGuard.lockedText(locked));
    }
    PeerKey key = context.keys().find(keyId);
    if (!proves(key, logon)) {
      admission.failed(keyId, address, nanos);
      return refused(WRONG);
    }
    String why = mayEnter(key, logon);
    return why == null ? new Outcome(key, null) : refused(why);
  }

  private static Outcome refused(String why) {
    return new Outcome(null, why);
  }

  private boolean proves(PeerKey key, FixMessage logon) {
    String password = logon.text(Tag.PASSWORD);
    if (password != null && secure) {
      return LogonProof.isPassword(key, password);
    }
    return LogonProof.proves(
        key,
        logon.text(Tag.RAW_DATA),
        text(logon, Tag.SENDING_TIME),
        text(logon, Tag.MSG_SEQ_NUM),
        text(logon, Tag.SENDER_COMP_ID),
        text(logon, Tag.TARGET_COMP_ID));
  }

  private static String text(FixMessage message, int tag) {
    String text = message.text(tag);
    return text == null ? "" : text;
  }

  /** What is wrong though the proof is right. */
  private String mayEnter(PeerKey key, FixMessage logon) {
    String sender = text(logon, Tag.SENDER_COMP_ID);
    if (key.role() != Role.CLIENT) {
      return "key '" + key.id() + "' is a feed's";
    }
    if (!sender.equals(key.id()) && !sender.startsWith(key.id() + ".")) {
      return "SenderCompID (49) must be '" + key.id() + "' or begin with '" + key.id() + ".'";
    }
    if (!logon.equals(Tag.TARGET_COMP_ID, compId)) {
      return "TargetCompID (56) must be '" + compId + "'";
    }
    if ((key.channels() & FixRequests.CHANNELS) == 0) {
      return "key '" + key.id() + "' may read neither signals nor status";
    }
    return logon.has(Tag.PASSWORD) && secure ? null : once(logon);
  }

  /** Signed a short while ago, since the port opened, and not used before. */
  private String once(FixMessage logon) {
    long now = context.wallNanos();
    long signed = logon.timestamp(Tag.SENDING_TIME);
    if (signed == FixMessage.NONE || Math.abs(now - signed) > WINDOW) {
      return "SendingTime (52) is more than " + WINDOW / 1_000_000_000L + " s from now";
    }
    if (signed < openedAt) {
      return "the Logon was signed before this server started: sign another";
    }
    while (!seen.isEmpty() && seen.peek().until() < now) {
      proofs.remove(seen.remove().proof());
    }
    String proof = logon.text(Tag.RAW_DATA);
    if (proofs.contains(proof)) {
      return "the Logon came before: sign another";
    }
    if (seen.size() >= MOST_REMEMBERED) {
      return "too many logins";
    }
    // Signed up to one window ahead of now, it passes for as long after that.
    seen.add(new Seen(proof, now + 2 * WINDOW));
    proofs.add(proof);
    return null;
  }
}
