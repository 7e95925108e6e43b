package io.semnal.server.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.journal.JournalException;
import io.semnal.journal.last.LastPosition;
import io.semnal.journal.last.LastValues;
import io.semnal.server.Times;
import io.semnal.server.last.LastPicture;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The last values of a running server, read beside it. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows the last quotes, bars, open signals and scores of a server, once a second, from the"
          + " file of last values beside its journal. The server is not asked and not held up;"
          + " Ctrl-C ends it.",
      "",
      "For example:",
      "  semnal top --journal data/journal",
      "  semnal top --once --json | jq '.quotes[] | select(.instrument == \"EURUSD\")'",
      ""
    })
public final class TopCommand implements Callable<Integer> {
  private static final String CLEAR = "\u001B[H\u001B[2J";
  private static final String HOME = "\u001B[H";
  private static final String REST_OF_LINE = "\u001B[K";
  private static final String REST_OF_SCREEN = "\u001B[J";
  private static final int LEAST_WIDTH = 40;
  private static final int DEFAULT_WIDTH = 80;
  private static final int ASK_SIZE_EVERY = 5;
  private static final long EVERY_MILLIS = 1_000;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ConfigOptions options;

  @Option(
      names = "--journal",
      paramLabel = "DIR",
      description = "The journal; the configured one by default.")
  private Path journal;

  @Option(names = "--once", description = "Prints once, without colours, and ends.")
  private boolean once;

  @Option(
      names = "--json",
      description = "A line of JSON instead of tables, with everything: all timeframes' bars too.")
  private boolean json;

  @Option(
      names = "--width",
      paramLabel = "COLUMNS",
      description =
          "Of the tables; by default COLUMNS, or that of the terminal, or 80. From 110 on they have"
              + " more columns.")
  private Integer width;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = options.journal(journal);
    if (!Files.isDirectory(directory)) {
      throw new JournalException("there is no journal at " + directory);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (once) {
      print(out, directory, null);
      return 0;
    }
    out.print(json ? "" : CLEAR);
    TerminalSize terminal = null;
    for (long shown = 0; !out.checkError(); shown++) {
      // A window may be given another size at any time.
      terminal = shown % ASK_SIZE_EVERY == 0 && !json ? TerminalSize.ask() : terminal;
      print(out, directory, terminal);
      Thread.sleep(EVERY_MILLIS);
    }
    return 0;
  }

  /**
   * @param terminal {@code null} if there is none, or its size is not known
   */
  private void print(PrintWriter out, Path directory, TerminalSize terminal) throws IOException {
    boolean live = !once && !json;
    LastPicture picture = new LastPicture(LastValues.read(directory));
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(tree(picture)));
    } else {
      List<String> lines =
          new TopScreen(columns(terminal), live)
              .lines(picture, directory.toString(), System.currentTimeMillis());
      if (terminal != null) {
        lines = TopScreen.fitting(lines, terminal.rows() - 1);
      }
      StringBuilder screen = new StringBuilder(live ? HOME : "");
      for (String line : lines) {
        screen.append(line).append(live ? REST_OF_LINE : "").append(System.lineSeparator());
      }
      out.print(screen.append(live ? REST_OF_SCREEN : ""));
    }
    out.flush();
  }

  private int columns(TerminalSize terminal) {
    String said = System.getenv("COLUMNS");
    int columns = DEFAULT_WIDTH;
    if (width != null) {
      columns = width;
    } else if (said != null && said.matches("[0-9]{2,4}")) {
      columns = Integer.parseInt(said);
    } else if (terminal != null) {
      return terminal.columns();
    }
    return Math.max(LEAST_WIDTH, columns);
  }

  private static ObjectNode tree(LastPicture picture) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    LastPosition position = picture.position();
    if (position != null) {
      root.put("journalSeq", position.journalSeq())
          .put("outSeq", position.outSeq())
          .put("time", Times.iso(position.time()))
          .put("writtenAtMillis", position.wallMillis())
          .put("process", position.process());
    }
    ArrayNode quotes = root.putArray("quotes");
    for (LastPicture.Quote q : picture.quotes()) {
      ObjectNode node = quotes.addObject().put("instrument", q.instrument());
      number(node, "bid", q.bid());
      number(node, "ask", q.ask());
      node.put("quality", q.quality()).put("time", Times.iso(q.time()));
    }
    ArrayNode bars = root.putArray("bars");
    for (LastPicture.BarLine b : picture.bars()) {
      ObjectNode node =
          bars.addObject()
              .put("instrument", b.instrument())
              .put("timeframe", b.timeframe())
              .put("forming", b.forming())
              .put("openTime", Times.iso(b.openTime()))
              .put("closeTime", Times.iso(b.closeTime()));
      number(node, "open", b.open());
      number(node, "high", b.high());
      number(node, "low", b.low());
      number(node, "close", b.close());
      node.put("ticks", b.ticks());
    }
    ArrayNode scores = root.putArray("scores");
    for (LastPicture.Score s : picture.scores()) {
      ObjectNode node =
          scores
              .addObject()
              .put("instrument", s.instrument())
              .put("timeframe", s.timeframe())
              .put("strategy", s.strategy())
              .put("model", s.model())
              .put("side", s.side());
      number(node, "buy", s.buy());
      number(node, "sell", s.sell());
      number(node, "neutral", s.neutral());
      number(node, "output", s.output());
      node.put("reason", s.reason()).put("time", Times.iso(s.time()));
    }
    ArrayNode signals = root.putArray("signals");
    for (LastPicture.OpenSignal s : picture.signals()) {
      ObjectNode node =
          signals
              .addObject()
              .put("id", s.id())
              .put("instrument", s.instrument())
              .put("timeframe", s.timeframe())
              .put("strategy", s.strategy())
              .put("model", s.model())
              .put("side", s.side())
              .put("state", s.state());
      number(node, "entry", s.entry());
      number(node, "stopLoss", s.stopLoss());
      number(node, "takeProfit", s.takeProfit());
      number(node, "pips", s.pips());
      node.put("time", Times.iso(s.time())).put("expiration", Times.iso(s.expiration()));
    }
    return root;
  }

  /** JSON has no NaN. */
  private static void number(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }
}
