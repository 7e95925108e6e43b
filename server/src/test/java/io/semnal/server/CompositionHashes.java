package io.semnal.server;

import io.semnal.core.access.KeyFile;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.journal.JournalHash;
import io.semnal.journal.Progress;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The main class of a process of its own: the same ticks, over TCP, through servers in every
 * composition of threads, twice each, into a journal each. Prints the hash of what the ticks caused
 * to be published, and of what a replay of the journal says.
 *
 * <p>Arguments: a folder, then the tick files.
 */
final class CompositionHashes {
  private CompositionHashes() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[0]);
    List<Path> files = List.of(args).subList(1, args.length).stream().map(Path::of).toList();
    ServerSetup setup = new ServerSetup(folder, "strategies.core-1m.trigger = tick");
    for (String composition : List.of("shared", "paired", "dedicated")) {
      for (int time = 1; time <= 2; time++) {
        Path journal = folder.resolve(composition + time);
        Map<String, String> threads =
            Map.of("threads.composition", composition, "threads.idle", "yield");
        run(setup.load(journal, threads), files);
        print(composition, journal);
      }
    }
    // Agents' threads are not waited for.
    System.exit(0);
  }

  private static void run(SemnalConfig config, List<Path> files)
      throws IOException, InterruptedException {
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    Metrics metrics = new Metrics();
    try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE);
        SignalServer server = new SignalServer(config, host, metrics, keys, keys, null)) {
      ThreadCompositionsTest.feed(config, server.start(), files);
    }
  }

  private static void print(String composition, Path journal) {
    // The feed's goodbye is an inbound message too, and comes when the sockets please.
    long last =
        JournalView.inbound(journal, t -> t == QuoteDecoder.TEMPLATE_ID).getLast().journalSeq();
    JournalHash published = new JournalHash();
    for (Message message : JournalView.outbound(journal, t -> true)) {
      if (message.causeSeq() <= last) {
        published.onMessage(message.buffer(), 0, message.buffer().capacity());
      }
    }
    long messages = published.messages();
    System.out.println("hash " + composition + " published " + published.hex() + " of " + messages);
    System.out.println(
        "hash "
            + composition
            + " said "
            + hash(
                CommandRun.done(
                        "replay",
                        "--verify",
                        "--hash",
                        "--to",
                        Long.toString(last),
                        "--journal",
                        journal.toString())
                    .out()));
  }

  /** {@code said sha256 HEX of N messages} */
  private static String hash(String out) {
    String line = out.lines().filter(l -> l.startsWith("said ")).findFirst().orElseThrow();
    return line.replaceAll("said +sha256 ", "").replace(" messages", "");
  }
}
