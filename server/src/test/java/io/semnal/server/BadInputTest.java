package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.testing.StandingPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users get wrong at the command line is answered by one sentence, and the exit code. */
class BadInputTest {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final String CSV = "--mapping=time=time,bid=bid,ask=ask";
  private static final String GOOD = "2014-05-01T00:00:%02dZ,1.38,1.39\n";

  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Runs a command, {@code @} standing for the test's folder. */
  private CommandRun run(String... args) {
    return CommandRun.of(
        Arrays.stream(args).map(a -> a.replace("@", folder.toString())).toArray(String[]::new));
  }

  private CommandRun importing(String journal, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "import",
                "-Dmodels.directory=" + TestModels.directory(),
                "--instrument",
                "EURUSD",
                "--journal",
                path(journal)));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private void assertFails(String sentence, CommandRun run) {
    assertEquals(
        "semnal: " + sentence.replace("@", folder.toString()) + System.lineSeparator(), run.err());
    assertEquals(FAILED, run.exit());
  }

  private static void assertMisused(String sentence, CommandRun run) {
    assertEquals(sentence, run.err().lines().findFirst().orElse(""));
    assertTrue(run.err().lines().anyMatch(line -> line.startsWith("Usage: semnal")), run::err);
    assertEquals(MISUSED, run.exit());
  }

  private void assertConfigurationWrong(CommandRun run, String... problems) {
    List<String> lines = new ArrayList<>();
    lines.add("The configuration is wrong; nothing was started:");
    for (String problem : problems) {
      lines.add("  " + problem.replace("@", folder.toString()));
    }
    assertEquals(lines, run.err().lines().toList());
    assertEquals(FAILED, run.exit());
  }

  @Test
  void columnsInPriceUnitsAreWarnedOfWhereInstrumentsShareAModel() throws IOException {
    Path file =
        write(
            "own.conf",
            "features.fx-core.columns = [\"rsi(14)\", \"sma(20)\", \"close / sma(20)\"]\n"
                + "strategies.core-1m.instruments = [EURUSD, GBPUSD]\n");
    String warning =
        "feature set 'fx-core', column 'sma(20)' is in price units, not comparable between"
            + " EURUSD, GBPUSD: divide it by close or atr(14), or let one model see one instrument";
    CommandRun check = run("config", "check", "--config", file.toString());
    assertEquals(
        List.of("WARNING: " + warning, "The configuration is right."),
        check.out().lines().toList());
    CommandRun doctor = run("doctor", "--config", file.toString());
    assertTrue(doctor.out().contains("warn column " + warning), doctor::out);
    CommandRun one =
        run(
            "config",
            "check",
            "--config",
            file.toString(),
            "-Dstrategies.core-1m.instruments=[EURUSD]");
    assertEquals(List.of("The configuration is right."), one.out().lines().toList(), one::err);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "frobnicate; semnal: Unmatched argument at index 0: 'frobnicate'",
        "replay --frob --journal=x; semnal replay: Unknown option: '--frob'",
        "why --journal=x; semnal why: Missing required option: '--instrument=SYMBOL'",
        "config; semnal config: Say 'show', 'check' or 'warm-up'.",
        "journal skip abc --reason=x; semnal journal skip: Invalid value for positional parameter at"
            + " index 0 (SEQ): 'abc' is not a whole number",
        "why --journal=x --instrument=EURUSD --at=soon; semnal why: Invalid value for option '--at':"
            + " 'soon' is not a time such as 2026-01-14T13:30:00Z",
        "why --journal=x --instrument=EURUSD --last=0; semnal why: --last is 0, not 1 or more",
        "import --format=foo --instrument=EURUSD --journal=x x.csv; semnal import: 'foo' is not a"
            + " tick format: lean-tick, truefx, histdata, dukascopy, bi5, csv",
        "import --format=csv --instrument=EURUSD --journal=x x.csv; semnal import: csv needs a"
            + " column mapping such as time=0,bid=1,ask=2",
        "import --format=truefx --zone=abc --instrument=EURUSD --journal=x x.csv; semnal import:"
            + " --zone is 'abc', not an offset such as -05:00",
        "import --format=truefx --instrument=EURUSX -Duniverse=[EURUSD] --journal=x x.csv; semnal"
            + " import: 'EURUSX' is not in the universe: EURUSD",
        "keys create --id=a --role=feed --admin --out=x; semnal keys create: --admin means nothing"
            + " for a feed",
        "keys create --id=a --role=client --channels=foo --out=x; semnal keys create: --channels"
            + " names 'foo', which is none of signals, scores, bars, quotes, status",
      })
  void misuseIsAnsweredWithTheSynopsis(String command, String sentence) {
    assertMisused(sentence, run(command.split(" ")));
  }

  @Test
  void withoutACommandTheCommandsAreShown() {
    CommandRun nothing = run();
    assertEquals(MISUSED, nothing.exit());
    assertEquals(run("help").out(), nothing.err());
    assertTrue(nothing.err().matches("(?s).* why +Explains the last scores.*"), nothing::err);
  }

  /** What a stranger meets first: each command says what it is for and explains each option. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "run",
        "feed",
        "listen",
        "import",
        "export",
        "replay",
        "why",
        "journal",
        "keys",
        "features",
        "config",
        "doctor"
      })
  void everyCommandExplainsItself(String command) {
    CommandRun help = run("help", command);
    assertEquals(0, help.exit());
    assertEquals(help.out(), run(command, "--help").out());
    assertTrue(help.out().startsWith("Usage: semnal " + command), help::out);
    assertFalse(help.out().contains("<"), help::out);
  }

  @Test
  void configurationProblemsAreNamedWithTheirOrigin() throws IOException {
    write("typo.conf", "gateway {\n  tcpPort = 7102\n  hearbeat = 5s\n}\nthreads.idle = sping\n");
    assertConfigurationWrong(
        run("run", "--config", "@/typo.conf"),
        "threads.idle = sping: must be one of spin, yield, backoff; is none of them"
            + " (@/typo.conf: 5)",
        "gateway.hearbeat = 5s: unknown key; did you mean gateway.heartbeat? (@/typo.conf: 3)");
    write("cut.conf", "gateway {\n  tcpPort = \n");
    assertConfigurationWrong(
        run("run", "--config", "@/cut.conf"),
        "@/cut.conf: 3: Expecting a value but got wrong token: end of file");
    assertConfigurationWrong(
        run("run", "--config", "@/absent.conf"), "configuration file @/absent.conf cannot be read");
    assertConfigurationWrong(
        run("config", "check", "-Dgateway.tcpPort=abc", "-Djournal.rollCycle=FOO"),
        "gateway.tcpPort = abc: must be a whole number (-Dgateway.tcpPort: 1)");
    assertConfigurationWrong(
        run("config", "check", "-Djournal.rollCycle=FOO"),
        "journal.rollCycle: 'FOO' is not a roll cycle, for example FAST_DAILY or FAST_HOURLY");
    assertConfigurationWrong(
        run("config", "check", "-Dfeatures.fx-core.columns=[\"rsx(14)\"]"),
        "features: feature set 'fx-core': column 'rsx(14)', character 1: unknown name 'rsx'; did"
            + " you mean 'rsi'? (-Dfeatures.fx-core.columns: 1)");
  }

  @Test
  void aLineWithAMissingColumnStopsOrIsSkipped() throws IOException {
    write(
        "ticks.csv",
        "time,bid,ask\n" + GOOD.formatted(0) + "2014-05-01T00:00:01Z,1.38\n" + GOOD.formatted(2));
    assertFails(
        "@/ticks.csv:3: line misses a column ('2014-05-01T00:00:01Z,1.38'); the 1 tick(s) before it"
            + " are in the journal",
        importing("stopped", "--format=csv", CSV, path("ticks.csv")));

    CommandRun skipped =
        importing("skipped", "--format=csv", CSV, "--on-error=skip", path("ticks.csv"));
    assertEquals(0, skipped.exit(), skipped::err);
    List<String> lines = skipped.out().lines().toList();
    assertTrue(lines.getFirst().startsWith("2 ticks in "), skipped::out);
    assertEquals(
        List.of(
            "1 line(s) skipped, 0 file(s) given up:",
            "  " + path("ticks.csv") + ":3: line misses a column ('2014-05-01T00:00:01Z,1.38')"),
        lines.subList(1, lines.size()));
  }

  @Test
  void pricesThatAreNoneAreNamed() throws IOException {
    write(
        "ticks.csv",
        "time,bid,ask\n"
            + GOOD.formatted(0)
            + "2014-05-01T00:00:01Z,NaN,1.39\n2014-05-01T00:00:02Z,-1.38,1.39\n"
            + "2014-05-01T00:00:03Z,0,1.39\n2014-05-01T00:00:04Z,1.38,Infinity\n");
    CommandRun run = importing("prices", "--format=csv", CSV, "--on-error=skip", path("ticks.csv"));
    assertEquals(0, run.exit(), run::err);
    String file = "  " + path("ticks.csv");
    assertEquals(
        List.of(
            "4 line(s) skipped, 0 file(s) given up:",
            file + ":3: bid is not a number ('NaN')",
            file + ":4: bid is negative ('-1.38')",
            file + ":5: bid is zero ('0')",
            file + ":6: ask is not a number ('Infinity')"),
        run.out().lines().skip(1).toList());
  }

  @Test
  void brokenZipsAreNamed() throws IOException {
    Path whole = zip("whole/20140501_quote.zip");
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("20140501_quote.zip");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    String sentence =
        cut
            + ": the zip is cut off or damaged: its directory cannot be read (zip END header not"
            + " found)";
    assertFails(sentence, importing("cut", "--format=lean-tick", cut.toString()));

    CommandRun skipped = importing("none", "--format=lean-tick", "--on-error=skip", cut.toString());
    assertFails("no tick was imported", skipped);
    assertTrue(
        skipped.out().endsWith("0 line(s) skipped, 1 file(s) given up:\n  " + sentence + "\n"),
        skipped::out);

    bytes[bytes.length / 3] ^= 0x55;
    Files.write(cut, bytes);
    CommandRun damaged = importing("damaged", "--format=lean-tick", cut.toString());
    assertEquals(FAILED, damaged.exit());
    assertTrue(damaged.err().startsWith("semnal: " + cut + ":"), damaged::err);
    assertEquals(1, damaged.err().lines().count(), damaged::err);
  }

  private Path zip(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(new ZipEntry("20140501_eurusd_tick_quote.csv"));
      for (int i = 0; i < 5_000; i++) {
        String line = i * 1_000 + ",1.38" + i % 977 + ",1.39" + i % 877 + "\n";
        out.write(line.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return file;
  }

  @Test
  void timeDoesNotGoBack() throws IOException {
    write("ticks.csv", "time,bid,ask\n" + GOOD.formatted(5));
    CommandRun first = importing("journal", "--format=csv", CSV, path("ticks.csv"));
    assertEquals(0, first.exit(), first::err);
    assertFails(
        "@/ticks.csv: its first tick is of 2014-05-01T00:00:05Z, but the journal has come to"
            + " 2014-05-01T00:01:00Z; import files in the order of time, or into another journal",
        importing("journal", "--format=csv", CSV, path("ticks.csv")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"replay", "export --what=bars --out=@/o", "why --instrument=EURUSD"})
  void whatIsNoJournalIsNamed(String command) throws IOException {
    write("folder/file", "text");
    for (String place : List.of("@/absent", "@/folder", "@/folder/file")) {
      CommandRun run = run((command + " --journal=" + place).split(" "));
      assertFails("there is no journal at " + place, run);
    }
    assertFalse(Files.exists(folder.resolve("absent")));
  }

  @Test
  void aJournalIsNotMadeInAFolderOfSomethingElse() throws IOException {
    write("folder/file", "text");
    Path ticks = write("ticks.csv", "time,bid,ask\n" + GOOD.formatted(5));
    assertFails(
        "@/folder is neither empty nor a journal (it has no FORMAT file)",
        importing("folder", "--format=csv", CSV, ticks.toString()));
    assertFails(
        "@/folder/file is a file, not a folder for a journal",
        importing("folder/file", "--format=csv", CSV, ticks.toString()));
    assertFails(
        "there is no journal at @/absent",
        run("journal", "skip", "5", "--reason=x", "--journal=@/absent"));
    assertFalse(Files.exists(folder.resolve("absent")));
  }

  @Test
  void modelsThatCannotBeUsedAreNamed() throws IOException {
    Path ticks = write("ticks.csv", "time,bid,ask\n" + GOOD.formatted(5));
    String[] input = {"--format=csv", CSV, ticks.toString()};
    assertFails(
        "model nosuch: the registry "
            + TestModels.directory()
            + " holds no such model; it holds default",
        importing("j", join(input, "-Dstrategies.core-1m.model=nosuch")));
    assertFails(
        "model default: the registry @/none holds no such model; it holds none",
        importing("j", join(input, "-Dmodels.directory=" + path("none"))));

    CommandRun columns = importing("j", join(input, "-Dfeatures.fx-core.columns=[\"rsi(14)\"]"));
    assertEquals(FAILED, columns.exit());
    assertTrue(
        columns
            .err()
            .startsWith(
                "semnal: the engine cannot be made: default@1 was trained on other columns than"
                    + " feature set fx-core has: model 17 columns, set 1; column 1: model"
                    + " 'return(1)', set 'rsi(14)';"),
        columns::err);
    assertEquals(1, columns.err().lines().count(), columns::err);
  }

  @Test
  void brokenModelsAreNamed() throws IOException {
    Path ticks = write("ticks.csv", "time,bid,ask\n" + GOOD.formatted(5));
    BrokenModel model = new BrokenModel(folder.resolve("models"));
    String[] args = {"--format=csv", CSV, ticks.toString(), "-Dmodels.directory=" + path("models")};
    String was = model.sha256();
    model.truncate();
    assertFails(
        "model default: @/models/default/1/model.onnx has SHA-256 "
            + model.sha256()
            + ", SHA256SUMS says "
            + was
            + "; versions never change: register the changed model as a new one",
        importing("j", args));
    model.sumUp();
    CommandRun half = importing("j", args);
    String sentence =
        "semnal: model default: the file is damaged or no ONNX model: field 7 at byte \\d+ says it"
            + " holds \\d+ bytes, there are \\d+ left\\R";
    assertTrue(half.err().matches(sentence), half::err);
    assertEquals(FAILED, half.exit());
  }

  private static String[] join(String[] some, String more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addFirst(more);
    return all.toArray(String[]::new);
  }

  @Test
  void barFilesThatCannotBeReadAreNamed() throws IOException {
    String[] more = {"--columns=rsi(14)", "--out=@/out.csv"};
    assertFails("@/no.csv is not there", run("features", "--bars=@/no.csv", more[0], more[1]));
    write("bars.csv", "date,open,high,low,close\n2014-05-01,1,2,0.5,1\n2014-05-02,1,2,0.5\n");
    assertFails(
        "@/bars.csv:3: line has 4 columns, the header 5 ('2014-05-02,1,2,0.5')",
        run("features", "--bars=@/bars.csv", more[0], more[1]));
    write("bars.csv", "date,open,high,low,close\n2014-05-01,1,2,0.5,1\n2014-05-02,1,2,0.5,1\n");
    CommandRun unknown = run("features", "--bars=@/bars.csv", "--columns=rsx(14)", more[1]);
    assertEquals(FAILED, unknown.exit());
    assertTrue(unknown.err().contains("unknown name 'rsx'; did you mean 'rsi'?"), unknown::err);
    assertEquals(1, unknown.err().lines().count(), unknown::err);
    assertFails(
        "@/absent is not there",
        run("features", "--bars=@/bars.csv", more[0], "--out=@/absent/out.csv"));
    assertFalse(Files.exists(folder.resolve("out.csv")));
  }

  @Test
  void keyFilesThatCannotBeUsedAreNamedWithoutTheirSecrets() throws IOException {
    String[] listen = {"listen", "--to=tcp://127.0.0.1:1", "--key-file=@/key"};
    assertFails("@/key is not there", run(listen));
    write("key", "id=a\n");
    assertFails("key file @/key: the line 'secret=…' is missing", run(listen));
    write("key", "id=a\nsecret=0011zz\n");
    assertFails("key file @/key: 'secret' is not hexadecimal", run(listen));
    write("keys.conf", "keys { a { role = foo, secret = \"0011zz\" } }\n");
    assertConfigurationWrong(
        run("keys", "list", "--keys-file=@/keys.conf"),
        "@/keys.conf: 1: keys.a.role: must be client or feed",
        "@/keys.conf: 1: keys.a.secret: is not hexadecimal",
        "@/keys.conf: 1: keys.a.channels: must be a list of channels");
    assertFails(
        "@/absent.conf: the key file is not there or cannot be read",
        run("keys", "list", "--keys-file=@/absent.conf"));
  }

  @Test
  void keysAreMadeOnceAndListedWithoutSecrets() throws IOException {
    String file = "--keys-file=@/keys.conf";
    assertEquals(0, run("keys", "create", "--id=bot", "--role=client", "--out=@/b", file).exit());
    assertEquals(
        0,
        run("keys", "create", "--id=lp", "--role=feed", "--source=bank", "--out=@/f", file).exit());
    CommandRun list = run("keys", "list", file);
    assertEquals(
        List.of(
            "bot                  hmac, client, reads signals scores bars quotes status, all instruments",
            "lp                   hmac, feed, sends as source bank, all instruments"),
        list.out().lines().toList());
    assertFails(
        "@/keys.conf has a key 'bot' already",
        run("keys", "create", "--id=bot", "--role=client", "--out=@/c", file));
    assertFails(
        "@/b exists already, and is not written over",
        run("keys", "create", "--id=other", "--role=client", "--out=@/b", file));
    assertFalse(Files.exists(folder.resolve("c")));
    String secret = Files.readString(folder.resolve("b")).lines().toList().get(1).substring(7);
    assertTrue(Files.readString(folder.resolve("keys.conf")).contains(secret));
  }

  @Test
  void nobodyThereIsNamed() throws IOException {
    write("key", "id=a\nsecret=00112233445566778899aabbccddeeff\n");
    int port = StandingPort.tcp();
    assertFails(
        "cannot connect to 127.0.0.1:" + port + ": Connection refused",
        run("listen", "--to=tcp://127.0.0.1:" + port, "--key-file=@/key"));
    assertMisused(
        "semnal listen: 'foo' is not an address such as tcp://HOST:PORT or ws://HOST:PORT/ws, tcps:// or wss:// with TLS",
        run("listen", "--to=foo", "--key-file=@/key"));
  }
}
