package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.core.config.SemnalConfig;
import io.semnal.feed.fix.VenueSimulator;
import io.semnal.feed.fix.WireFaults;
import io.semnal.feed.session.Pace;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.server.JournalView.Message;
import io.semnal.server.MarkedStretches.Stretch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recorded days from a simulated venue over a wire that loses, repeats and garbles messages, stands
 * still and breaks: what the journal does not mark is as if nothing had happened. The reference is
 * an import, which {@link FeedToListenersTest} holds equal to the same ticks by SBE over TCP. Other
 * days, faults and speeds by the system properties {@code semnal.fixDay.*}.
 */
class SpoiledFixDayTest {
  private static final int FILES = 4;
  private static final String FAULTS =
      "gap:301,duplicate:1103,garbage:97,stall:1999,disconnect:1501,until:4000";

  /** With one thread and the venue's window, far more than can wait: nothing is conflated. */
  private static final int RING = 1 << 14;

  /** One more of the slowest column's bars, {@code rsi(14)@15m}, than it needs to converge. */
  private static final int SLOWEST = 204;

  private static final long QUARTER = 900_000_000_000L;
  private static final int MINUTE = 60;

  /** Behind open_time, close_time, available_at and instrument. */
  private static final int FIRST_FEATURE = 4;

  /** Of a probability, for features that differ by their bound. */
  private static final double STRENGTH = 1e4;

  private static final int BAR_BODY = MessageLayout.HEADER + BarDecoder.openTimeEncodingOffset();

  @TempDir private Path folder;

  @Test
  void whatTheJournalDoesNotMarkIsAsIfNothingHadHappened(TestReporter reporter) throws Exception {
    List<Path> files = files();
    long ticks = 0;
    for (Path file : files) {
      ticks += RealTicks.rows(file).size();
    }
    String faults = System.getProperty("semnal.fixDay.faults", FAULTS);
    Path reference = folder.resolve("imported");
    Path journal;
    String played;
    SemnalConfig config = new ServerSetup(folder).load(folder.resolve("unused"), Map.of());
    String pace = System.getProperty("semnal.fixDay.pace", "max");
    try (PlayedVenue venue =
        PlayedVenue.of(
            config,
            files,
            VenueSimulator.Shape.ASKED,
            Pace.parseSpeed(pace),
            WireFaults.parse(faults))) {
      ServerSetup setup =
          new ServerSetup(
              folder,
              "rings.inbound = " + RING,
              "threads.composition = shared",
              "feed.fix.sessions.sim { addresses = [\"127.0.0.1:" + venue.port() + "\"]",
              "  reconnectLeast = 10ms, reconnectMost = 100ms",
              "  senderCompId = US, targetCompId = SIM }");
      setup.imported(files);
      journal = setup.journal();
      long last = lastQuote(reference);
      try (SemnalProcess server = setup.start()) {
        PlayedVenue.awaitQuote(journal, last);
        assertEquals(0, server.stop(), server::output);
      }
      assertEquals(ticks, venue.told());
      assertEquals(planned(faults), venue.spoiled());
      played = ticks + " ticks, " + venue.spoiled() + " faults";
    }
    MarkedStretches marks = MarkedStretches.of(journal);
    String bars = compareBars(reference, journal, marks);
    reporter.publishEntry("bars", played + "; " + marks.all().size() + " marks; " + bars);
    long from = converged(reference, marks);
    String features = compareFeatures(reference, journal, from);
    String scores = compareScores(reference, journal, from);
    String signals = compareSignals(reference, journal, from);
    reporter.publishEntry("converged", features + "; " + scores + "; " + signals);
  }

  private static List<Path> files() throws IOException {
    List<Path> all = RealTicks.zips("lean/oanda/tick/eurusd");
    String days = System.getProperty("semnal.fixDay.days");
    return days == null
        ? all.subList(0, FILES)
        : all.stream()
            .filter(f -> days.contains(f.getFileName().toString().substring(0, 8)))
            .toList();
  }

  /** Faults that the plan asks for, however the sessions fare. */
  private static long planned(String faults) {
    Map<String, Integer> every = new TreeMap<>();
    for (String part : faults.split(",")) {
      String[] pair = part.split(":");
      every.put(pair[0], Integer.valueOf(pair[1]));
    }
    int until = every.remove("until");
    return every.values().stream().mapToLong(n -> until / n).sum();
  }

  private static long lastQuote(Path journal) {
    return PlayedVenue.eventTime(
        JournalView.inbound(journal, t -> t == io.semnal.protocol.sbe.QuoteDecoder.TEMPLATE_ID)
            .getLast());
  }

  // ---- bars

  /** What a bar says, by timeframe and time; those that a quote closed. */
  private static Map<String, Message> bars(Path journal, long until) {
    Map<String, Message> found = new TreeMap<>();
    BarDecoder bar = new BarDecoder();
    for (Message m : JournalView.outbound(journal, t -> t == BarDecoder.TEMPLATE_ID)) {
      bar.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
      if (bar.closeTime() <= until) {
        found.put(bar.timeframe() + " " + bar.openTime(), m);
      }
    }
    return found;
  }

  private static String compareBars(Path reference, Path journal, MarkedStretches marks) {
    long until = lastQuote(reference);
    Map<String, Message> expected = bars(reference, until);
    Map<String, Message> found = bars(journal, until);
    Set<String> both = new HashSet<>(expected.keySet());
    both.addAll(found.keySet());
    int equal = 0;
    int marked = 0;
    int different = 0;
    BarDecoder bar = new BarDecoder();
    for (String key : both) {
      Message any = expected.getOrDefault(key, found.get(key));
      bar.wrapAndApplyHeader(any.buffer(), 0, new MessageHeaderDecoder());
      String was = body(expected.get(key));
      String is = body(found.get(key));
      if (marks.touch(bar.openTime(), bar.closeTime())) {
        marked++;
        different += is.equals(was) ? 0 : 1;
      } else {
        equal++;
        assertEquals(was, is, () -> "bar " + key);
      }
    }
    String told = equal + " bars equal, " + marked + " marked, " + different + " of them different";
    assertTrue(equal > both.size() / 2, told);
    assertTrue(different > 0, () -> "the faults changed nothing: " + told);
    return told;
  }

  private static String body(Message bar) {
    return bar == null
        ? "none"
        : HexFormat.of().formatHex(bar.bytes(), BAR_BODY, bar.buffer().capacity());
  }

  // ---- features

  /** When even the slowest column has converged behind the last mark before the end. */
  private static long converged(Path reference, MarkedStretches marks) {
    long behind =
        marks.all().stream()
            .mapToLong(Stretch::to)
            .filter(to -> to != Long.MAX_VALUE)
            .max()
            .orElseThrow();
    Set<Long> quarters = new HashSet<>();
    BarDecoder bar = new BarDecoder();
    for (Message m : JournalView.outbound(reference, t -> t == BarDecoder.TEMPLATE_ID)) {
      bar.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
      if (bar.timeframe() == MINUTE && bar.openTime() > behind) {
        quarters.add(bar.openTime() / QUARTER);
        if (quarters.size() > SLOWEST) {
          return bar.closeTime();
        }
      }
    }
    throw new AssertionError("the days end before the features have converged");
  }

  private List<String[]> features(Path journal) throws IOException {
    Path out = folder.resolve(journal.getFileName() + ".csv");
    CommandRun.done(
        "features",
        "--config=" + folder.resolve("engine.conf"),
        "--journal=" + journal,
        "--features=fx-core",
        "--out=" + out);
    return Files.readAllLines(out).stream().map(line -> line.split(",")).toList();
  }

  private String compareFeatures(Path reference, Path journal, long from) throws IOException {
    List<String[]> all = features(reference);
    // An import closes what the last quote left open.
    List<String[]> expected = between(all, from, lastQuote(reference));
    List<String[]> found = between(features(journal), from, lastQuote(reference));
    assertEquals(times(expected), times(found));
    int rows = expected.size();
    assertTrue(rows > 300, rows + " rows");
    double worst = 0;
    int warm = Arrays.asList(expected.getFirst()).indexOf("true");
    assertTrue(warm > FIRST_FEATURE + 10, () -> String.join(" ", expected.getFirst()));
    for (int c = FIRST_FEATURE; c < warm; c++) {
      int column = c;
      double range =
          expected.stream().mapToDouble(r -> Double.parseDouble(r[column])).max().orElseThrow()
              - expected.stream()
                  .mapToDouble(r -> Double.parseDouble(r[column]))
                  .min()
                  .orElseThrow();
      for (int i = 0; i < rows; i++) {
        double off =
            Math.abs(Double.parseDouble(expected.get(i)[c]) - Double.parseDouble(found.get(i)[c]));
        worst = Math.max(worst, off / range);
        int row = i;
        assertTrue(
            off <= 1e-6 * range,
            () ->
                "column "
                    + column
                    + " at "
                    + expected.get(row)[1]
                    + " is "
                    + found.get(row)[column]
                    + " for "
                    + expected.get(row)[column]);
      }
    }
    return rows + " rows of features within " + worst + " of each column's range";
  }

  /** Rows of bars that closed behind the first time and not behind the second. */
  private static List<String[]> between(List<String[]> rows, long first, long second) {
    Instant after = Instant.ofEpochSecond(0, first);
    Instant until = Instant.ofEpochSecond(0, second);
    List<String[]> found = new ArrayList<>();
    for (String[] row : rows.subList(1, rows.size())) {
      Instant close = Instant.parse(row[1]);
      if (close.isAfter(after) && !close.isAfter(until)) {
        found.add(row);
      }
    }
    return found;
  }

  private static List<String> times(List<String[]> rows) {
    return rows.stream().map(row -> row[1]).toList();
  }

  // ---- scores and signals

  private static String compareScores(Path reference, Path journal, long from) {
    List<double[]> expected = scores(reference, from, lastQuote(reference));
    List<double[]> found = scores(journal, from, lastQuote(reference));
    assertEquals(expected.size(), found.size());
    assertTrue(expected.size() > 300, expected.size() + " scores");
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i)[0], found.get(i)[0], "time");
      for (int c = 1; c < expected.get(i).length; c++) {
        worst = Math.max(worst, Math.abs(expected.get(i)[c] - found.get(i)[c]));
      }
    }
    assertTrue(worst <= 1 / STRENGTH, worst + " between scores");
    return expected.size() + " scores within " + worst;
  }

  private static List<double[]> scores(Path journal, long from, long until) {
    ScoreDecoder s = new ScoreDecoder();
    List<double[]> found = new ArrayList<>();
    for (Message m : JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID)) {
      s.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
      if (s.time() > from && s.time() <= until) {
        found.add(new double[] {s.time(), s.buy(), s.sell(), s.neutral()});
      }
    }
    return found;
  }

  private static String compareSignals(Path reference, Path journal, long from) {
    TreeMap<Long, String> expected = open(reference);
    TreeMap<Long, String> found = open(journal);
    TreeSet<Long> times = new TreeSet<>(expected.tailMap(from).keySet());
    times.add(from);
    times.addAll(found.tailMap(from).keySet());
    // From when both have the same signal open, or none.
    long same =
        times.stream().filter(t -> at(expected, t).equals(at(found, t))).findFirst().orElseThrow();
    assertEquals(expected.tailMap(same), found.tailMap(same));
    long signals = expected.tailMap(same).values().stream().filter(s -> !s.isEmpty()).count();
    assertTrue(signals > 0, "no signals");
    return signals + " signals equal from " + Instant.ofEpochSecond(0, same) + " on";
  }

  private static String at(TreeMap<Long, String> open, long time) {
    Map.Entry<Long, String> entry = open.floorEntry(time);
    return entry == null ? "" : entry.getValue();
  }

  /** The signal that is open from a time on; empty: none. */
  private static TreeMap<Long, String> open(Path journal) {
    TreeMap<Long, String> found = new TreeMap<>();
    SignalDecoder s = new SignalDecoder();
    SignalEventDecoder event = new SignalEventDecoder();
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    for (Message m : JournalView.outbound(journal, JournalView::isSignalOrBar)) {
      if (m.template() == SignalDecoder.TEMPLATE_ID) {
        s.wrapAndApplyHeader(m.buffer(), 0, header);
        if (s.signalType() != SignalType.NEUTRAL) {
          found.put(s.time(), text(s));
        }
      } else if (m.template() == SignalEventDecoder.TEMPLATE_ID) {
        event.wrapAndApplyHeader(m.buffer(), 0, header);
        if (event.state() == SignalState.ENDED || event.state() == SignalState.INVALIDATED) {
          found.put(event.time(), "");
        }
      }
    }
    return found;
  }

  private static String text(SignalDecoder s) {
    return s.signalType()
        + " "
        + s.bid()
        + " "
        + s.ask()
        + " "
        + s.entry()
        + " "
        + s.stopLoss()
        + " "
        + s.takeProfit()
        + " "
        + s.expiration()
        + " "
        + Math.round(s.strength() * STRENGTH);
  }
}
