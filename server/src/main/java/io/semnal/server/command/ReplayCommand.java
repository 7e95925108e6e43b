package io.semnal.server.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.config.SemnalConfig;
import io.semnal.feed.session.Pace;
import io.semnal.inference.engine.SignalEngine;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalHash;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.QueueReader;
import io.semnal.journal.ReplayRange;
import io.semnal.journal.ReplayVerifier;
import io.semnal.journal.RunReplay;
import io.semnal.journal.RunReport;
import io.semnal.journal.SnapshotChoice;
import io.semnal.journal.VerifyResult;
import io.semnal.protocol.MessageLayout;
import io.semnal.server.BuildId;
import io.semnal.server.JournalEngines;
import io.semnal.server.replay.StateDump;
import io.semnal.server.replay.WhatIf;
import io.semnal.server.replay.WhatIfReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A journal once more through the engine. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Replays a journal through the engine, and compares with what was published.",
      "The comparison is byte for byte. With --verify a difference is a failure (exit code"
          + " 1); the first one is named field by field.",
      "--until SEQ shows the engine's state behind one inbound message.",
      "--model, --config without --verify, or --what-if: what would have been published with"
          + " another model or configuration.",
      "--speed shows the signals once more at their pace; --serve offers the journal to clients.",
      "The journal is only read; a server may be writing to it meanwhile."
    })
public final class ReplayCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ConfigOptions options;
  @Mixin private RangeOptions part;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The journal; the configured one by default.")
  private Path journal;

  @Option(names = "--verify", description = "Fails where anything differs.")
  private boolean verify;

  @Option(
      names = "--hash",
      description =
          "Prints SHA-256 hashes of the inbound messages and of what the engine says: the same"
              + " for every replay, on any machine and with any threads or collector.")
  private boolean hash;

  @Option(
      names = "--until",
      paramLabel = "SEQ",
      description =
          "Shows the state behind this inbound message (journalSeq); with --verify, the last"
              + " message to replay.")
  private Long until;

  @Option(names = "--json", description = "State or differences as JSON instead of tables.")
  private boolean json;

  @Option(
      names = "--what-if",
      description =
          "Compares with what the configuration in effect would have led to; implied by --model,"
              + " and by --config where nothing else is asked for.")
  private boolean whatIf;

  @Option(
      names = "--model",
      paramLabel = "NAME@V",
      description =
          "What if this version had been the model: of the strategies whose model has that name,"
              + " or of all if none has.")
  private String model;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Keeps the what-if as a journal of its own, for 'export' and 'replay'.")
  private Path out;

  @Option(
      names = "--speed",
      paramLabel = "SPEED",
      description =
          "Prints signals, their changes and statuses as they were published, paced by the"
              + " messages' time: 1x, 10x, max. With --serve, its pace; 1x by default.")
  private String speed;

  @Option(
      names = "--serve",
      description =
          "Offers what was published to clients, on the configured ports of the gateway: the same"
              + " bytes and outSeq, under an epoch of replays; quotes as well. No engine runs, and"
              + " no key may command anything.")
  private boolean serve;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    boolean other = isWhatIf();
    if (out != null && !other) {
      throw misuse("--out is where a what-if is kept: say --what-if, --model or --config");
    }
    try (JournalDirectory directory = JournalDirectory.openReadOnly(options.journal(journal))) {
      if (serve || speed != null) {
        return playback(directory, progress);
      }
      if (other) {
        return whatIf(directory, progress);
      }
      return until != null && !verify && !hash
          ? state(directory, progress)
          : verify(directory, progress);
    }
  }

  private boolean isWhatIf() {
    boolean asked = whatIf || model != null;
    boolean plays = serve || speed != null;
    if (plays && (asked || verify || hash || out != null)) {
      throw misuse("--speed and --serve show what was published: nothing else goes with them");
    }
    if (asked && (verify || hash)) {
      throw misuse("a what-if is not verified: leave --verify and --hash out");
    }
    boolean nothingElse = !plays && !verify && !hash && until == null;
    return asked || options.file() != null && nothingElse;
  }

  private CommandLine.ParameterException misuse(String sentence) {
    return new CommandLine.ParameterException(spec.commandLine(), sentence);
  }

  private int playback(JournalDirectory directory, ProgressLine progress)
      throws IOException, InterruptedException {
    Pace pace;
    try {
      pace = Pace.parseSpeed(speed == null ? "1x" : speed);
    } catch (IllegalArgumentException e) {
      throw misuse("--speed: " + e.getMessage());
    }
    Playback playback = new Playback(directory, range(directory), pace, spec.commandLine());
    return serve ? playback.serve(options.load(), progress) : playback.watch(json, progress);
  }

  private Integer verify(JournalDirectory directory, ProgressLine progress) {
    ReplayRange range = range(directory);
    PrintWriter console = spec.commandLine().getOut();
    JournalHash said = new JournalHash();
    long started = System.nanoTime();
    VerifyResult result =
        ReplayVerifier.verify(
            directory,
            JournalEngines.of(directory),
            BuildId.current(),
            range,
            hash ? said : (buffer, offset, length) -> {},
            progress.recovery());
    progress.clear();
    double seconds = (System.nanoTime() - started) / 1e9;
    long inbound = result.runs().stream().mapToLong(RunReport::inbound).sum();
    console.print(result.text());
    console.printf("%.1f s, %.0f inbound messages a second%n", seconds, inbound / seconds);
    if (hash) {
      long first = result.runs().stream().mapToLong(RunReport::firstSeq).min().orElse(1);
      long last = result.runs().stream().mapToLong(RunReport::lastSeq).max().orElse(first);
      hash(console, "inbound", JournalHash.ofInbound(directory, range(first, last)));
      hash(console, "said", said);
    }
    console.flush();
    return result.isIdentical() || !verify ? 0 : 1;
  }

  private static ReplayRange range(long first, long last) {
    return new ReplayRange(first, Math.max(first, last));
  }

  private static void hash(PrintWriter console, String name, JournalHash hash) {
    long messages = hash.messages();
    console.printf("%-7s sha256 %s of %d messages%n", name, hash.hex(), messages);
  }

  private ReplayRange range(JournalDirectory directory) {
    return part.range(directory, until == null ? Long.MAX_VALUE : until);
  }

  private Integer state(JournalDirectory directory, ProgressLine progress) {
    if (part.isGiven()) {
      throw misuse("--until is one message: leave --from and --to out");
    }
    SnapshotChoice snapshots = SnapshotChoice.of(directory);
    JournalState found =
        JournalScan.scan(directory, snapshots, null, progress.recovery()).requireSound();
    long time = timeOf(directory, until);
    SortedMap<Integer, String> symbols = new TreeMap<>();
    found.instruments().forEach((symbol, id) -> symbols.put(id, symbol));
    StateDump[] dump = new StateDump[1];
    String[] text = new String[1];
    RunReplay.Result result =
        RunReplay.playTo(
            directory,
            JournalEngines.of(directory),
            found,
            snapshots,
            until,
            engine -> {
              SignalEngine known = (SignalEngine) engine;
              dump[0] =
                  new StateDump(
                      until,
                      time,
                      found.runAt(until).runId(),
                      known.report(),
                      symbols,
                      known::modelName);
              text[0] = json ? line(dump[0].json()) : dump[0].text();
            },
            progress.recovery());
    progress.clear();
    spec.commandLine().getOut().print(text[0]);
    spec.commandLine().getOut().flush();
    if (result.difference() != null) {
      throw new CommandFailure(
          "this is not the state that was: the replay differs from what was published: "
              + result.difference());
    }
    return 0;
  }

  private static long timeOf(JournalDirectory directory, long journalSeq) {
    long[] time = {MessageLayout.ABSENT};
    try (QueueReader reader = directory.inboundReader()) {
      if (reader.seekToSequence(journalSeq)) {
        reader.readNext((b, offset, n) -> time[0] = MessageLayout.inboundTime(b, offset));
      }
    }
    return time[0];
  }

  private Integer whatIf(JournalDirectory directory, ProgressLine progress) throws IOException {
    SemnalConfig config = options.load();
    boolean otherConfig = options.file() != null || whatIf;
    WhatIfReport report =
        new WhatIf(directory, progress.recovery())
            .run(config, otherConfig ? config.engineText() : null, model, range(directory), out);
    progress.clear();
    PrintWriter console = spec.commandLine().getOut();
    console.print(json ? line(report.json()) : report.text());
    if (out != null && !json) {
      console.println("kept as a journal in " + out);
    }
    console.flush();
    return 0;
  }

  private static String line(ObjectNode object) {
    return object.toPrettyString() + System.lineSeparator();
  }
}
