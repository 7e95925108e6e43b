package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.JournalView.Message;
import io.semnal.testing.StandingPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real ticks through a real server to FIX clients, QuickFIX/J and ours, while the server and one of
 * them are killed: both have each signal's life as the journal has it, once and in order.
 */
class FixOnServerTest {
  private static final int RATE = 50_000;
  private static final Pattern FIELD = Pattern.compile("\\|(35|43|28|20000|20001)=([^|]*)");

  @TempDir Path folder;
  private ServerSetup setup;
  private int port;

  /** What a message of the stream is over FIX: its number, and New, Replace, Cancel or News. */
  private record Told(long outSeq, String as) {}

  private SemnalProcess server() throws Exception {
    return setup.start(
        "-Dgateway.fixPort=" + port, "-Dgateway.fix.directory=" + folder.resolve("fix"));
  }

  private SemnalProcess listen(String token) throws Exception {
    return SemnalProcess.start(
        folder,
        "fix-listen",
        "--to=127.0.0.1:" + port,
        "--key-file=broker.key",
        "--from=" + token,
        "--raw");
  }

  @Test
  void eachSignalIsToldOnceAndInOrderThoughServerAndClientAreKilled() throws Exception {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 6);
    setup = new ServerSetup(folder);
    port = StandingPort.tcp();
    List<Told> ours = new ArrayList<>();
    SemnalProcess server = server();
    keys("create", "--id=broker", "--role=client", "--type=ed25519", "--out=broker.key");
    server.awaitLine(ServerSetup.PATIENCE, line -> line.contains("changed and was read again"));
    try (QuickFixClient quick =
            new QuickFixClient(
                folder,
                "FIX.4.4",
                port,
                ClientKey.read(setup.clientKey()),
                QuickFixClient.Proof.SIGNATURE,
                "1:0",
                Map.of());
        SemnalProcess first = listen("1:0");
        SemnalProcess feed = setup.feed(RATE, files)) {
      awaitIois(first, 40);
      first.kill();
      String token = collect(first, ours, "1:0");
      try (SemnalProcess second = listen(token)) {
        awaitIois(second, 40);
        server.kill();
        assertThat(second.await(ServerSetup.PATIENCE)).as(second.output()).isNotZero();
        token = collect(second, ours, token);
      }
      server = server();
      try (SemnalProcess third = listen(token)) {
        assertThat(feed.await(ServerSetup.PATIENCE)).as(feed.output()).isZero();
        quick.await("a second logon", q -> q.logons() >= 2);
        assertThat(server.stop()).isZero();
        assertThat(third.await(ServerSetup.PATIENCE)).as(third.output()).isNotZero();
        token = collect(third, ours, token);
      }
      List<Message> journaled =
          JournalView.outbound(setup.journal(), t -> Channel.of(t) == Channel.SIGNALS.ordinal());
      assertThat(journaled).hasSizeGreaterThan(120);
      // What was still on its way when the server stopped comes after one more start.
      long last = journaled.getLast().outSeq();
      server = server();
      if (ours.getLast().outSeq() < last) {
        try (SemnalProcess fourth = listen(token)) {
          fourth.awaitLine(ServerSetup.PATIENCE, line -> line.contains("|20001=" + last + "|"));
          fourth.kill();
          collect(fourth, ours, token);
        }
      }
      quick.await(
          "the last signal",
          q -> q.received().stream().anyMatch(r -> r.outSeq() == last && !r.repeated()));
      assertThat(signals(ours, journaled)).isEqualTo(asTold(journaled, ours));
      holdsQuickFix(quick, journaled);
    } finally {
      server.close();
    }
  }

  /** QuickFIX/J's messages after the last kill; those resent by the session may repeat others. */
  private static void holdsQuickFix(QuickFixClient quick, List<Message> journaled) {
    List<Told> stream = new ArrayList<>();
    Set<Told> all = new HashSet<>();
    for (QuickFixClient.Received each : quick.received()) {
      Told told = new Told(each.outSeq(), each.type().equals("B") ? "B" : each.transaction());
      if (each.outSeq() > 0) {
        all.add(told);
        if (!each.repeated()) {
          stream.add(told);
        }
      }
    }
    List<Told> signals = signals(stream, journaled);
    assertThat(signals).isEqualTo(asTold(journaled, stream));
    assertThat(signals(List.copyOf(all), journaled)).hasSameSizeAs(signals);
    assertThat(quick.refusals()).noneMatch(text -> text.contains("35=3") || text.contains("35=j"));
  }

  private static List<Told> signals(List<Told> told, List<Message> journaled) {
    Set<Long> ids = new HashSet<>();
    journaled.forEach(m -> ids.add(m.outSeq()));
    return told.stream().filter(t -> ids.contains(t.outSeq())).toList();
  }

  /**
   * The journal's signals as docs/fix.md says that they are told. A NEUTRAL is a cancel or News, as
   * an IOI lives on the connection or not; it is taken as it came.
   */
  private static List<Told> asTold(List<Message> journaled, List<Told> came) {
    Set<Told> cancels = new HashSet<>(came);
    List<Told> told = new ArrayList<>();
    SignalDecoder signal = new SignalDecoder();
    SignalEventDecoder event = new SignalEventDecoder();
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    for (Message message : journaled) {
      String as;
      if (message.template() == SignalDecoder.TEMPLATE_ID) {
        signal.wrapAndApplyHeader(message.buffer(), 0, header);
        boolean neutral = signal.signalType() == SignalType.NEUTRAL;
        boolean cancel = cancels.contains(new Told(message.outSeq(), "C"));
        as = !neutral ? "N" : cancel ? "C" : "B";
      } else {
        event.wrapAndApplyHeader(message.buffer(), 0, header);
        as = event.state() == SignalState.ACTIVE ? "R" : "C";
      }
      told.add(new Told(message.outSeq(), as));
    }
    return told;
  }

  private static void awaitIois(SemnalProcess listener, int count) throws InterruptedException {
    int[] seen = {0};
    listener.awaitLine(ServerSetup.PATIENCE, line -> line.contains("|35=6|") && ++seen[0] >= count);
  }

  /** Adds what a listener printed; the token of the last. */
  private static String collect(SemnalProcess listener, List<Told> to, String before) {
    String token = before;
    for (String line : listener.lines()) {
      Map<String, String> fields = new java.util.HashMap<>();
      Matcher matcher = FIELD.matcher(line);
      while (line.startsWith("8=FIX") && line.endsWith("|") && matcher.find()) {
        fields.put(matcher.group(1), matcher.group(2));
      }
      if (fields.containsKey("20001")) {
        assertThat(fields).doesNotContainKey("43");
        String as = fields.get("35").equals("B") ? "B" : fields.get("28");
        to.add(new Told(Long.parseLong(fields.get("20001")), as));
        token = fields.get("20000");
      }
    }
    return token;
  }

  private void keys(String... args) {
    List<String> all = new ArrayList<>(List.of("keys", args[0]));
    all.add("--keys-file=" + folder.resolve("keys.conf"));
    for (String arg : List.of(args).subList(1, args.length)) {
      all.add(arg.startsWith("--out=") ? "--out=" + folder.resolve(arg.substring(6)) : arg);
    }
    CommandRun.done(all.toArray(String[]::new));
  }
}
