package io.semnal.fix.session;

import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.dictionary.FixDictionary;
import java.util.Objects;

/**
 * Everything that a session is told once: who it is, and what it insists on. Immutable; made by
 * {@link #acceptor} or {@link #initiator}.
 */
public final class SessionConfig {
  private final Builder b;

  private SessionConfig(Builder builder) {
    b = new Builder(builder);
  }

  /**
   * Begins the configuration of a session that waits for its peer's Logon.
   *
   * @param sender our CompID: 49 of what we send
   * @param target the peer's
   */
  public static Builder acceptor(FixVersion version, String sender, String target) {
    return new Builder(version, sender, target, false);
  }

  /** Begins the configuration of a session that sends the first Logon. */
  public static Builder initiator(FixVersion version, String sender, String target) {
    return new Builder(version, sender, target, true);
  }

  public FixVersion version() {
    return b.version;
  }

  public String sender() {
    return b.sender;
  }

  public String target() {
    return b.target;
  }

  public boolean isInitiator() {
    return b.initiator;
  }

  String senderSub() {
    return b.senderSub;
  }

  String targetSub() {
    return b.targetSub;
  }

  int heartbeatSeconds() {
    return b.heartbeatSeconds;
  }

  int leastHeartbeat() {
    return b.leastHeartbeat;
  }

  int mostHeartbeat() {
    return b.mostHeartbeat;
  }

  boolean resetOnLogon() {
    return b.resetOnLogon;
  }

  boolean resetOnLogout() {
    return b.resetOnLogout;
  }

  boolean resetOnDisconnect() {
    return b.resetOnDisconnect;
  }

  boolean nextExpected() {
    return b.nextExpected;
  }

  String defaultApplVerId() {
    return b.defaultApplVerId;
  }

  int timestampDigits() {
    return b.timestampDigits;
  }

  long maxLatencyNanos() {
    return b.maxLatencyNanos;
  }

  String username() {
    return b.username;
  }

  String password() {
    return b.password;
  }

  String testRequestId() {
    return b.testRequestId;
  }

  long logonTimeoutNanos() {
    return b.logonTimeoutNanos;
  }

  long logoutTimeoutNanos() {
    return b.logoutTimeoutNanos;
  }

  public int maxMessage() {
    return b.maxMessage;
  }

  int maxQueued() {
    return b.maxQueued;
  }

  int resendBatch() {
    return b.resendBatch;
  }

  public SessionSchedule schedule() {
    return b.schedule;
  }

  FixDictionary dictionary() {
    return b.dictionary;
  }

  /** Its name in logs: {@code FIX.4.4:ISLD->TW44}. */
  @Override
  public String toString() {
    return b.version.beginString() + ":" + b.sender + "->" + b.target;
  }

  /** Collects a configuration; what is not said keeps the default named with its setter. */
  public static final class Builder {
    private static final long SECOND = 1_000_000_000L;

    private final FixVersion version;
    private final String sender;
    private final String target;
    private final boolean initiator;
    private String senderSub;
    private String targetSub;
    private int heartbeatSeconds = 30;
    private int leastHeartbeat;
    private int mostHeartbeat = 3600;
    private boolean resetOnLogon;
    private boolean resetOnLogout;
    private boolean resetOnDisconnect;
    private boolean nextExpected;
    private String defaultApplVerId = "9";
    private int timestampDigits = 3;
    private long maxLatencyNanos = 120 * SECOND;
    private String username;
    private String password;
    private String testRequestId;
    private long logonTimeoutNanos = 10 * SECOND;
    private long logoutTimeoutNanos = 2 * SECOND;
    private int maxMessage = 64 * 1024;
    private int maxQueued = 4096;
    private int resendBatch = 256;
    private SessionSchedule schedule;
    private FixDictionary dictionary;

    private Builder(FixVersion version, String sender, String target, boolean initiator) {
      this.version = Objects.requireNonNull(version);
      this.sender = compId(sender);
      this.target = compId(target);
      this.initiator = initiator;
    }

    private Builder(Builder o) {
      version = o.version;
      sender = o.sender;
      target = o.target;
      initiator = o.initiator;
      senderSub = o.senderSub;
      targetSub = o.targetSub;
      heartbeatSeconds = o.heartbeatSeconds;
      leastHeartbeat = o.leastHeartbeat;
      mostHeartbeat = o.mostHeartbeat;
      resetOnLogon = o.resetOnLogon;
      resetOnLogout = o.resetOnLogout;
      resetOnDisconnect = o.resetOnDisconnect;
      nextExpected = o.nextExpected;
      defaultApplVerId = o.defaultApplVerId;
      timestampDigits = o.timestampDigits;
      maxLatencyNanos = o.maxLatencyNanos;
      username = o.username;
      password = o.password;
      testRequestId = o.testRequestId;
      logonTimeoutNanos = o.logonTimeoutNanos;
      logoutTimeoutNanos = o.logoutTimeoutNanos;
      maxMessage = o.maxMessage;
      maxQueued = o.maxQueued;
      resendBatch = o.resendBatch;
      schedule = o.schedule;
      dictionary = o.dictionary;
    }

    private static String compId(String id) {
      if (id == null || !id.matches("[!-~]{1,64}")) {
        throw new IllegalArgumentException(
            "a CompID is 1 to 64 visible ASCII characters, not '" + id + "'");
      }
      return id;
    }

    /** SenderSubID (50) and TargetSubID (57) of every message sent; null: none. */
    public Builder subIds(String senderSubId, String targetSubId) {
      senderSub = senderSubId;
      targetSub = targetSubId;
      return this;
    }

    /** HeartBtInt (108) that an initiator asks for; 30. 0: no heartbeats. */
    public Builder heartbeat(int seconds) {
      heartbeatSeconds = seconds;
      return this;
    }

    /** The heartbeats in seconds that an acceptor agrees to; 0 to 3600. */
    public Builder heartbeatLimits(int least, int most) {
      leastHeartbeat = least;
      mostHeartbeat = most;
      return this;
    }

    /** Both sides begin at 1 with each Logon; an initiator asks for it by 141=Y. No. */
    public Builder resetOnLogon(boolean yes) {
      resetOnLogon = yes;
      return this;
    }

    /** Numbers begin at 1 again after a Logout; no. */
    public Builder resetOnLogout(boolean yes) {
      resetOnLogout = yes;
      return this;
    }

    /** Numbers begin at 1 again after each connection; no. */
    public Builder resetOnDisconnect(boolean yes) {
      resetOnDisconnect = yes;
      return this;
    }

    /** Says NextExpectedMsgSeqNum (789) in the Logon, in place of a ResendRequest after it; no. */
    public Builder nextExpected(boolean yes) {
      nextExpected = yes;
      return this;
    }

    /** DefaultApplVerID (1137) of a FIXT.1.1 Logon; 9, FIX 5.0 SP2. */
    public Builder defaultApplVerId(String id) {
      defaultApplVerId = id;
      return this;
    }

    /** Decimals of the seconds in SendingTime: 0, 3, 6 or 9; 3. */
    public Builder timestampDigits(int digits) {
      if (digits != 0 && digits != 3 && digits != 6 && digits != 9) {
        throw new IllegalArgumentException("timestamps have 0, 3, 6 or 9 decimals");
      }
      timestampDigits = digits;
      return this;
    }

    /** The most that SendingTime may differ from our clock; 120 s. 0: anything. */
    public Builder maxLatency(long seconds) {
      maxLatencyNanos = seconds * SECOND;
      return this;
    }

    /** Username (553) and Password (554) of an initiator's Logon; null: none. */
    public Builder credentials(String user, String pass) {
      username = user;
      password = pass;
      return this;
    }

    /** TestReqID (112) of our test requests; null, the default: the time. */
    public Builder testRequestId(String id) {
      testRequestId = id;
      return this;
    }

    /** How long a Logon and a Logout are waited for; 10 s and 2 s. */
    public Builder timeouts(long logonSeconds, long logoutSeconds) {
      logonTimeoutNanos = logonSeconds * SECOND;
      logoutTimeoutNanos = logoutSeconds * SECOND;
      return this;
    }

    /** Bytes of the longest message in either direction; 65,536. */
    public Builder maxMessage(int bytes) {
      maxMessage = bytes;
      return this;
    }

    /** Messages kept while a gap before them is being filled; 4096. More are asked for again. */
    public Builder maxQueued(int messages) {
      maxQueued = messages;
      return this;
    }

    /** Messages resent in one turn, so that a long resend does not hold up the thread; 256. */
    public Builder resendBatch(int messages) {
      resendBatch = messages;
      return this;
    }

    /** When the session is up, and when its numbers begin again; null, the default: always. */
    public Builder schedule(SessionSchedule when) {
      schedule = when;
      return this;
    }

    /** What inbound messages are checked against; null, the default: the header alone. */
    public Builder dictionary(FixDictionary rules) {
      dictionary = rules;
      return this;
    }

    public SessionConfig build() {
      return new SessionConfig(this);
    }
  }
}
