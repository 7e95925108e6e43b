package io.semnal.core.config;

import com.typesafe.config.ConfigObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code feed.fix}. */
final class FixFeedReader {
  private static final int HIGHEST_PORT = 65_535;

  private FixFeedReader() {}

  static FixFeedConfig read(Section s) {
    ConfigObject defaults = s.object("defaults");
    // Their keys are known even where no session uses them.
    session("defaults", s.section("defaults"), true);
    Section all = s.section("sessions");
    List<FixFeedConfig.Session> sessions = new ArrayList<>();
    for (String name : all.keys()) {
      Section one = all.sectionOver(name, defaults);
      if (one.flag("enabled")) {
        sessions.add(session(name, one, false));
      } else {
        session(name, one, true);
      }
    }
    sessions.sort(Comparator.comparingInt(FixFeedConfig.Session::preference));
    FixFeedConfig config =
        new FixFeedConfig(
            s.duration("failoverAfter"), s.path("storeDirectory"), List.copyOf(sessions));
    s.done();
    return config;
  }

  /**
   * @param lenient whether it need not be complete
   */
  private static FixFeedConfig.Session session(String name, Section s, boolean lenient) {
    s.flag("enabled");
    FixFeedConfig.Session session =
        new FixFeedConfig.Session(
            name,
            s.choice("role", FixFeedConfig.Role.class),
            s.integer("preference", 0, 1_000),
            s.text("profile"),
            s.texts("addresses"),
            s.text("senderCompId"),
            s.text("targetCompId"),
            file(s, "secretFile"),
            s.textsOrAll("symbols"),
            names(s),
            new FixFeedConfig.Tls(
                s.flag("tls"),
                file(s, "trustFile"),
                file(s, "certificateFile"),
                file(s, "keyFile")),
            s.duration("reconnectLeast"),
            s.duration("reconnectMost"));
    boolean insecure = s.flag("insecure");
    if (!lenient) {
      check(s, session, insecure);
    }
    s.done();
    return session;
  }

  private static Path file(Section s, String key) {
    String text = s.text(key);
    return text.isEmpty() ? null : Path.of(text);
  }

  private static Map<String, String> names(Section s) {
    Section section = s.section("names");
    Map<String, String> names = new TreeMap<>();
    for (String symbol : section.keys()) {
      names.put(symbol, section.text(symbol));
    }
    return names;
  }

  private static void check(Section s, FixFeedConfig.Session session, boolean insecure) {
    if (session.senderCompId().isEmpty() || session.targetCompId().isEmpty()) {
      s.problem("senderCompId", null, "senderCompId and targetCompId must be given");
    }
    if (session.addresses().isEmpty()) {
      s.problem("addresses", null, "must name at least one host:port");
    }
    if (session.role() == FixFeedConfig.Role.ACCEPTOR && session.addresses().size() > 1) {
      s.problem("addresses", null, "an acceptor listens on one");
    }
    FixFeedConfig.Tls tls = session.tls();
    boolean own = tls.certificate() != null && tls.key() != null;
    if (session.role() == FixFeedConfig.Role.ACCEPTOR && tls.enabled() && !own) {
      s.problem("tls", null, "an acceptor needs certificateFile and keyFile");
    }
    if (session.reconnectLeast().isZero()
        || session.reconnectMost().compareTo(session.reconnectLeast()) < 0) {
      s.problem("reconnectLeast", null, "must be above zero and not above reconnectMost");
    }
    for (String address : session.addresses()) {
      String host = host(address);
      if (host == null) {
        s.problem("addresses", null, "'" + address + "' is not host:port");
      } else if (!tls.enabled() && !insecure && !isLoopback(host)) {
        s.problem(
            "addresses",
            null,
            address + " is not of this machine: without tls this needs insecure = true");
      }
    }
  }

  /** By its text: a configuration is read without asking a name server. */
  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  /** The host of {@code host:port}; {@code null}: it is none. */
  private static String host(String address) {
    int colon = address.lastIndexOf(':');
    try {
      int port = colon < 1 ? -1 : Integer.parseInt(address.substring(colon + 1));
      return port >= 0 && port <= HIGHEST_PORT ? address.substring(0, colon) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
