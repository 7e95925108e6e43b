package io.semnal.core.config;

import io.semnal.core.access.LoginLimits;
import io.semnal.core.market.Timeframe;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the process's part of the configuration into its records. */
final class RuntimeConfigReader {
  private static final int MOST_SLOTS = 1 << 20;

  /** What an entry of {@code warmUp.bars} says where it says nothing; {@code file} it must say. */
  private static final Map<String, String> BAR_FILES =
      Map.of("instrument", "", "timeframe", "auto", "ask", "", "zone", "+00:00");

  private RuntimeConfigReader() {}

  /**
   * @param strategies that take part
   */
  static RuntimeConfig read(Section root, Set<String> strategies) {
    return new RuntimeConfig(
        clock(root.section("clock")),
        threads(root.section("threads")),
        rings(root.section("rings")),
        journal(root.section("journal")),
        recovery(root.section("recovery")),
        models(root.section("models"), strategies),
        feed(root.section("feed")),
        gateway(root.section("gateway")),
        admin(root.section("admin")),
        warmUp(root.section("warmUp")),
        AeronConfigReader.read(root.section("aeron")));
  }

  private static RuntimeConfig.Clock clock(Section s) {
    RuntimeConfig.Clock clock =
        new RuntimeConfig.Clock(
            s.choice("mode", RuntimeConfig.Clock.Mode.class),
            s.duration("grace"),
            s.duration("interval"));
    if (clock.interval().compareTo(Duration.ofMillis(1)) < 0) {
      s.problem("interval", null, "must be at least 1ms");
    }
    s.done();
    return clock;
  }

  private static RuntimeConfig.Threads threads(Section s) {
    RuntimeConfig.Threads threads =
        new RuntimeConfig.Threads(
            s.choice("composition", RuntimeConfig.Threads.Composition.class),
            s.choice("idle", RuntimeConfig.Threads.Idle.class),
            s.integer("hotSessions", 0, 10_000),
            s.integer("edgeNice", 0, 19));
    s.done();
    return threads;
  }

  private static RuntimeConfig.Rings rings(Section s) {
    RuntimeConfig.Rings rings =
        new RuntimeConfig.Rings(
            s.powerOfTwo("inbound", 2, MOST_SLOTS),
            s.powerOfTwo("outbound", 2, MOST_SLOTS),
            s.powerOfTwo("sampleEvery", 0, MOST_SLOTS));
    s.done();
    return rings;
  }

  private static RuntimeConfig.Journal journal(Section s) {
    RuntimeConfig.Journal journal =
        new RuntimeConfig.Journal(
            s.path("directory"),
            s.text("rollCycle"),
            retention(s.section("retention")),
            space(s.section("space")),
            s.choice("sync", RuntimeConfig.Journal.Sync.class),
            s.duration("syncInterval"));
    if (journal.syncInterval().compareTo(Duration.ofMillis(1)) < 0) {
      s.problem("syncInterval", null, "must be at least 1ms");
    }
    s.done();
    return journal;
  }

  private static RuntimeConfig.Recovery recovery(Section s) {
    Section snapshots = s.section("snapshots");
    RuntimeConfig.Recovery recovery =
        new RuntimeConfig.Recovery(
            s.flag("follower"),
            snapshots.duration("every"),
            snapshots.integer("messages", 1, Integer.MAX_VALUE),
            snapshots.integer("keep", 0, 1_000));
    snapshots.done();
    s.done();
    return recovery;
  }

  private static RuntimeConfig.Journal.Retention retention(Section s) {
    RuntimeConfig.Journal.Retention retention =
        new RuntimeConfig.Journal.Retention(s.duration("age"), s.bytes("size"));
    s.done();
    return retention;
  }

  private static RuntimeConfig.Journal.Space space(Section s) {
    RuntimeConfig.Journal.Space space =
        new RuntimeConfig.Journal.Space(s.bytes("warn"), s.bytes("pause"), s.bytes("stop"));
    if (space.warn() < space.pause() || space.pause() < space.stop()) {
      s.problem("warn", null, "warn, pause and stop must fall, or be equal");
    }
    s.done();
    return space;
  }

  private static RuntimeConfig.Models models(Section s, Set<String> strategies) {
    RuntimeConfig.Models models =
        new RuntimeConfig.Models(
            s.path("directory"),
            s.choice("scorer", RuntimeConfig.Models.ScorerChoice.class),
            shadow(s.section("shadow"), strategies));
    s.done();
    return models;
  }

  private static Map<String, List<String>> shadow(Section s, Set<String> strategies) {
    Map<String, List<String>> shadow = new TreeMap<>();
    for (String strategy : s.keys()) {
      List<String> references = s.texts(strategy);
      if (!strategies.contains(strategy)) {
        s.problem(strategy, null, "there is no enabled strategy of this name among " + strategies);
      }
      for (String reference : references) {
        if (!reference.matches(StrategyConfig.MODEL_REFERENCE)) {
          s.problem(strategy, null, "'" + reference + "' is not name, name@version or name@alias");
        }
      }
      if (new TreeSet<>(references).size() != references.size()) {
        s.problem(strategy, null, "names a model twice: " + references);
      }
      shadow.put(strategy, references);
    }
    return shadow;
  }

  private static RuntimeConfig.Feed feed(Section s) {
    RuntimeConfig.Feed feed =
        new RuntimeConfig.Feed(
            s.flag("enabled"),
            s.text("host"),
            s.integer("port", 0, 65_535),
            s.flag("insecure"),
            s.path("keysFile"),
            s.number("spikeSigmas", 0, 1e9),
            s.duration("staleAfter"),
            s.duration("maxFuture"),
            s.duration("silentAfter"),
            logins(s.section("limits")),
            tls(s.section("tls")),
            FixFeedReader.read(s.section("fix")));
    checkBinding(s, feed.enabled(), feed.host(), feed.insecure() || feed.tls().isOn());
    s.done();
    return feed;
  }

  private static RuntimeConfig.Gateway gateway(Section s) {
    RuntimeConfig.Gateway gateway =
        new RuntimeConfig.Gateway(
            s.flag("enabled"),
            s.text("host"),
            s.integer("tcpPort", 0, 65_535),
            s.integer("wsPort", 0, 65_535),
            s.flag("insecure"),
            s.path("keysFile"),
            s.duration("heartbeat"),
            s.integer("maxSessions", 1, 1_000_000),
            s.integer("maxFrame", 256, 1 << 24),
            s.powerOfTwo("window", 16, 1 << 24),
            s.integer("replayPerSecond", 1, 1_000_000_000),
            s.integer("maxPending", 4_096, 1 << 30),
            s.texts("allowedOrigins"),
            limits(s.section("limits")),
            tls(s.section("tls")),
            optional(s, "auditFile"),
            fix(s.integer("fixPort", -1, 65_535), s.section("fix")));
    checkBinding(s, gateway.enabled(), gateway.host(), gateway.insecure() || gateway.tls().isOn());
    s.done();
    return gateway;
  }

  private static RuntimeConfig.Gateway.Fix fix(int port, Section s) {
    RuntimeConfig.Gateway.Fix fix =
        new RuntimeConfig.Gateway.Fix(
            port,
            s.text("compId"),
            s.path("directory"),
            s.choice("symbols", RuntimeConfig.Gateway.Fix.Symbols.class));
    if (!fix.compId().matches("[!-~]{1,64}")) {
      s.problem("compId", null, "must be 1 to 64 visible ASCII characters");
    }
    s.done();
    return fix;
  }

  private static RuntimeConfig.Gateway.Limits limits(Section s) {
    RuntimeConfig.Gateway.Limits limits =
        new RuntimeConfig.Gateway.Limits(
            s.integer("connectionsPerAddress", 0, 1_000_000),
            s.integer("loginsPerSecond", 0, 1_000_000),
            s.integer("requestsPerSecond", 0, 1_000_000),
            s.integer("lockAfter", 0, 1_000_000),
            s.duration("lockFor"),
            s.duration("lockMost"));
    s.done();
    return limits;
  }

  private static LoginLimits logins(Section s) {
    LoginLimits limits =
        new LoginLimits(
            s.integer("connectionsPerAddress", 0, 1_000_000),
            s.integer("loginsPerSecond", 0, 1_000_000),
            s.integer("lockAfter", 0, 1_000_000),
            s.duration("lockFor"),
            s.duration("lockMost"));
    s.done();
    return limits;
  }

  private static RuntimeConfig.Gateway.Tls tls(Section s) {
    RuntimeConfig.Gateway.Tls tls =
        new RuntimeConfig.Gateway.Tls(optional(s, "certificate"), optional(s, "key"));
    if ((tls.certificate() == null) != (tls.key() == null)) {
      s.problem("key", null, "certificate and key go together: one is missing");
    }
    s.done();
    return tls;
  }

  private static Path optional(Section s, String key) {
    String text = s.text(key);
    return text.isEmpty() ? null : Path.of(text);
  }

  private static RuntimeConfig.Admin admin(Section s) {
    RuntimeConfig.Admin admin =
        new RuntimeConfig.Admin(
            s.flag("enabled"), s.text("host"), s.integer("port", 0, 65_535), s.flag("insecure"));
    checkBinding(s, admin.enabled(), admin.host(), admin.insecure());
    s.done();
    return admin;
  }

  private static RuntimeConfig.WarmUp warmUp(Section s) {
    List<RuntimeConfig.WarmUp.BarFiles> bars = new ArrayList<>();
    for (Section entry : s.sections("bars", BAR_FILES)) {
      String ask = entry.text("ask");
      bars.add(
          new RuntimeConfig.WarmUp.BarFiles(
              entry.text("instrument"),
              entry.parsed(
                  "timeframe",
                  "auto or a timeframe such as 1m",
                  text -> text.equals("auto") ? null : Timeframe.parse(text),
                  null),
              entry.path("file"),
              ask.isEmpty() ? null : Path.of(ask),
              entry.parsed("zone", "an offset such as -05:00", ZoneOffset::of, ZoneOffset.UTC)));
      entry.done();
    }
    RuntimeConfig.WarmUp warmUp =
        new RuntimeConfig.WarmUp(
            s.flag("fromJournal"),
            s.parsed(
                "until",
                "empty or a time such as 2026-01-02T00:00:00Z",
                text -> text.isEmpty() ? null : Instant.parse(text),
                null),
            bars);
    s.done();
    return warmUp;
  }

  /** Nothing listens beyond this machine in the clear by accident. */
  private static void checkBinding(Section s, boolean enabled, String host, boolean insecure) {
    if (!enabled || insecure) {
      return;
    }
    try {
      if (!InetAddress.getByName(host).isLoopbackAddress()) {
        s.problem(
            "host",
            null,
            host + " is not a loopback address: without TLS this needs insecure = true");
      }
    } catch (UnknownHostException e) {
      s.problem("host", null, "'" + host + "' is not an address of this machine");
    }
  }
}
