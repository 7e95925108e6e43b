package io.semnal.server;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
import io.semnal.server.JournalView.Message;
import io.semnal.testing.StandingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server of one instrument with the source clock: its files in one folder, its ports the same at
 * every start, and a policy under which a week of recorded ticks gives signals by the hundred.
 */
final class ServerSetup {
  /** Far more than a start or a whole feed takes on a busy machine. */
  static final Duration PATIENCE = Duration.ofSeconds(180);

  private final Path folder;
  private final int feedPort = StandingPort.tcp();
  private final int tcpPort = StandingPort.tcp();
  private final int wsPort = StandingPort.tcp();

  ServerSetup(Path folder, String... more) throws IOException {
    this.folder = folder;
    Files.writeString(
        folder.resolve("engine.conf"),
        """
        universe = [EURUSD]
        policy {
          buyThreshold = 0.34, sellThreshold = 0.34, margin = 0.0
          cooldownBars = 0, maxSpreadPips = 50.0
          horizonBars = 5, stopAtr = 1.0, targetAtr = 1.0, allowLabelMismatch = true
        }
        """
            + String.join("\n", more)
            + "\n");
    Files.writeString(
        config(),
        """
        include "engine.conf"
        clock.mode = source
        journal.directory = journal
        models.directory = "%s"
        gateway { tcpPort = %d, wsPort = %d, keysFile = keys.conf }
        feed { port = %d, keysFile = keys.conf }
        admin.port = 0
        recovery.snapshots.messages = 15000
        """
            .formatted(TestModels.directory(), tcpPort, wsPort, feedPort));
  }

  Path config() {
    return folder.resolve("server.conf");
  }

  Path journal() {
    return folder.resolve("journal");
  }

  Path clientKey() {
    return folder.resolve("client.key");
  }

  int feedPort() {
    return feedPort;
  }

  int tcpPort() {
    return tcpPort;
  }

  int wsPort() {
    return wsPort;
  }

  String tcp() {
    return "tcp://127.0.0.1:" + tcpPort;
  }

  String ws() {
    return "ws://127.0.0.1:" + wsPort + "/ws";
  }

  /** The configuration for a server in this process, on any ports, with another journal. */
  SemnalConfig load(Path journal, Map<String, String> more) {
    Map<String, String> overrides = new HashMap<>(more);
    overrides.put("journal.directory", journal.toString());
    overrides.put("gateway.keysFile", folder.resolve("keys.conf").toString());
    overrides.put("feed.keysFile", folder.resolve("keys.conf").toString());
    overrides.put("feed.port", "0");
    overrides.put("gateway.tcpPort", "0");
    overrides.put("gateway.wsPort", "0");
    return ConfigLoader.load(config(), Map.of(), overrides);
  }

  /** The server, ready. */
  SemnalProcess start(String... more) throws IOException, InterruptedException {
    SemnalProcess server = launch(more);
    try {
      server.awaitLine(PATIENCE, line -> line.startsWith("ready after "));
      return server;
    } catch (AssertionError | InterruptedException e) {
      server.close();
      throw e;
    }
  }

  /** The server, on its way to being ready. */
  SemnalProcess launch(String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("run", "--config", "server.conf"));
    args.addAll(List.of(more));
    return SemnalProcess.start(folder, args.toArray(String[]::new));
  }

  /**
   * What has to come of ticks: signals and bars of an import in this process, without those of its
   * closing Clock.
   */
  List<Message> imported(List<Path> files) {
    Path journal = folder.resolve("imported");
    List<String> args =
        new ArrayList<>(
            List.of(
                "import",
                "--config",
                folder.resolve("engine.conf").toString(),
                "-Dmodels.directory=" + TestModels.directory(),
                "--format",
                "lean-tick",
                "--instrument",
                "EURUSD",
                "--journal",
                journal.toString()));
    files.forEach(file -> args.add(file.toString()));
    CommandRun.done(args.toArray(String[]::new));
    long last = JournalView.inbound(journal, t -> true).getLast().journalSeq();
    return JournalView.outbound(journal, JournalView::isSignalOrBar).stream()
        .filter(m -> m.causeSeq() < last)
        .toList();
  }

  /** Starts to feed EURUSD ticks. */
  SemnalProcess feed(int perSecond, List<Path> files) throws IOException {
    return feedTo(feedPort, perSecond, files);
  }

  /** The same, to a port from which something passes it on. */
  SemnalProcess feedTo(int port, int perSecond, List<Path> files) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "feed",
                "--config",
                "engine.conf",
                "--format",
                "lean-tick",
                "--instrument",
                "EURUSD",
                "--to",
                "127.0.0.1:" + port,
                "--key-file",
                "feed.key",
                "--retry-for",
                Long.toString(PATIENCE.toSeconds()),
                "--rate",
                perSecond + "/s"));
    files.forEach(file -> args.add(file.toString()));
    return SemnalProcess.start(folder, args.toArray(String[]::new));
  }

  /** Starts a listener that asks for everything from the first message on. */
  SemnalProcess listen(String to, String channels, long count, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "listen",
                "--to",
                to,
                "--key-file",
                "client.key",
                "--channels",
                channels,
                "--from",
                "1:0",
                "--count",
                Long.toString(count)));
    args.addAll(List.of(more));
    return SemnalProcess.start(folder, args.toArray(String[]::new));
  }
}
