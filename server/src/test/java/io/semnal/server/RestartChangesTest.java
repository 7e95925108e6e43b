package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.journal.JournalDirectory;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal that goes on under another configuration, another model or another build, held against
 * one that nothing was changed about.
 */
class RestartChangesTest {
  private static final MessageHeaderDecoder HEADER = new MessageHeaderDecoder();

  /** What each version answers to whatever row: softmax of these, SELL, NEUTRAL, BUY. */
  private static final double[][] BIAS = {{0, 0, 1}, {0, 0.5, 1}};

  private static final String THIS_BUILD = BuildId.current();

  /** As long as this one's, so that it can stand in its place. */
  private static final String NEWER_BUILD =
      "9.9.9+" + "f".repeat(THIS_BUILD.length() - "9.9.9+".length());

  @TempDir private static Path folder;
  private static List<Path> before;
  private static List<Path> after;

  /** Never restarted. */
  private static Path whole;

  /** Of the first days alone; tests copy it. */
  private static Path begun;

  @BeforeAll
  static void importBoth() throws IOException {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd");
    before = files.subList(0, 4);
    after = files.subList(4, 5);
    Files.writeString(
        folder.resolve("engine.conf"),
        """
        universe = [EURUSD]
        policy {
          buyThreshold = 0.34, sellThreshold = 0.34, margin = 0.0
          cooldownBars = 0, maxSpreadPips = 50.0
          horizonBars = 1200, stopAtr = 30.0, targetAtr = 30.0, allowLabelMismatch = true
        }
        """);
    ModelRegistry registry = registry();
    FeatureSetConfig set =
        ConfigLoader.load(folder.resolve("engine.conf"), Map.of(), Map.of())
            .engine()
            .featureSet("fx-core");
    String hash = HexFormat.of().formatHex(FeaturePipeline.hash(set));
    for (double[] bias : BIAS) {
      registry.register(
          OnnxWriter.logistic(new double[3][set.columns().size()], bias, ModelSwapTest.CLASSES),
          ModelSwapTest.card(set.name(), hash, set.columns()));
    }
    registry.setAlias("default", ModelRegistry.CHAMPION, 1);
    whole = folder.resolve("whole");
    importing(whole, files.subList(0, 5));
    begun = folder.resolve("begun");
    importing(begun, before);
  }

  private static ModelRegistry registry() {
    return new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
  }

  private static String[] command(Path journal, List<Path> files, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "import",
                "--config",
                folder.resolve("engine.conf").toString(),
                "-Dmodels.directory=" + folder.resolve("models"),
                "--format",
                "lean-tick",
                "--instrument",
                "EURUSD",
                "--journal",
                journal.toString()));
    args.addAll(List.of(more));
    files.forEach(file -> args.add(file.toString()));
    return args.toArray(String[]::new);
  }

  private static CommandRun importing(Path journal, List<Path> files, String... more) {
    return CommandRun.done(command(journal, files, more));
  }

  /** The same files under another name: a copy would go on in another epoch. */
  private static Path begin(String name) throws IOException {
    Path journal = folder.resolve(name);
    importing(journal, before);
    return journal;
  }

  @Test
  void anotherConfigurationScoresAtOnceWhatAnUninterruptedRunScores() throws IOException {
    Path journal = begin("configuration");
    long published = JournalView.outbound(journal, t -> true).getLast().outSeq();
    CommandRun run = importing(journal, after, "-Dpolicy.buyThreshold=0.4");
    assertThat(run.out()).doesNotContain("still cold");
    List<Message> headers = headers(journal);
    assertThat(headers).hasSize(2);
    assertThat(header(headers.getLast()).outSeqBefore()).isEqualTo(published);
    goesOn(journal);
    assertThat(rows(journal, restartTime(journal)))
        .as("the rows of all scores behind the restart")
        .hasSizeGreaterThan(1_000)
        .isEqualTo(rows(whole, restartTime(journal)));
    JournalProof.verifies(journal, 2);
  }

  @Test
  void aModelReplacedWhileDownScoresFromTheRestartOn() throws IOException {
    Path journal = begin("model");
    registry().setAlias("default", ModelRegistry.CHAMPION, 2);
    try {
      importing(journal, after);
    } finally {
      registry().setAlias("default", ModelRegistry.CHAMPION, 1);
    }
    long restart = secondRun(journal);
    goesOn(journal);
    int[] scored = new int[BIAS.length];
    for (Message message : JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID)) {
      ScoreDecoder score = new ScoreDecoder().wrapAndApplyHeader(message.buffer(), 0, HEADER);
      if (!Double.isNaN(score.buy())) {
        int version = message.causeSeq() < restart ? 0 : 1;
        double sum = 0;
        for (double one : BIAS[version]) {
          sum += Math.exp(one);
        }
        assertThat(score.sell()).isCloseTo(Math.exp(BIAS[version][0]) / sum, within());
        assertThat(score.buy()).isCloseTo(Math.exp(BIAS[version][2]) / sum, within());
        scored[version]++;
      }
    }
    assertThat(scored[0]).isPositive();
    assertThat(scored[1]).isGreaterThan(1_000);
    carriedOverAndEnded(journal, restart);
    JournalProof.verifies(journal, 2);
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-6);
  }

  @Test
  void anotherBuildGoesOnInARunOfItsOwn() throws Exception {
    Path journal = folder.resolve("build");
    try (SemnalProcess other =
        SemnalProcess.start(folder, otherBuild(), command(journal, before))) {
      assertThat(other.await(ServerSetup.PATIENCE)).as(other.output()).isZero();
    }
    String theirs = header(headers(journal).getFirst()).build();
    assertThat(theirs).isNotEqualTo(THIS_BUILD);
    CommandRun run = importing(journal, after);
    assertThat(run.out()).doesNotContain("still cold");
    long restart = secondRun(journal);
    assertThat(header(headers(journal).getLast()).build()).isEqualTo(THIS_BUILD);
    goesOn(journal);
    carriedOverAndEnded(journal, restart);
    assertThat(rows(journal, restartTime(journal))).isEqualTo(rows(whole, restartTime(journal)));
    CommandRun verified = CommandRun.of("replay", "--verify", "--journal", journal.toString());
    assertThat(verified.out())
        .contains("run 1: not verified: written by build " + theirs)
        .containsPattern("run 2: .* 0 differ");
  }

  /** The classes of this build and one more: what they say is the same, and nobody can know. */
  private static String otherBuild() throws IOException {
    Path classes = folder.resolve("classes");
    Path place;
    try {
      place =
          Path.of(MessageLayout.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IOException(e);
    }
    Path added = Files.createDirectories(classes.resolve("io/semnal/protocol"));
    List<String> path = new ArrayList<>(List.of(System.getProperty("java.class.path").split(":")));
    if (Files.isDirectory(place)) {
      try (Stream<Path> walk = Files.walk(place)) {
        for (Path file : walk.filter(Files::isRegularFile).toList()) {
          Path target = classes.resolve(place.relativize(file).toString());
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    } else {
      unzip(place, classes);
    }
    Files.write(added.resolve("Later.class"), new byte[] {1});
    path.replaceAll(entry -> Path.of(entry).equals(place) ? classes.toString() : entry);
    assertThat(path).contains(classes.toString());
    return String.join(":", path);
  }

  private static void unzip(Path jar, Path to) throws IOException {
    try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(jar.toFile())) {
      for (var entry : java.util.Collections.list(zip.entries())) {
        if (!entry.isDirectory()) {
          Path target = to.resolve(entry.getName());
          Files.createDirectories(target.getParent());
          Files.copy(zip.getInputStream(entry), target);
        }
      }
    }
  }

  @Test
  void aNewerFormatIsRefusedAndLeftAlone() throws IOException {
    Path journal = begin("format");
    Path marker = journal.resolve("FORMAT");
    String ours = Files.readString(marker);
    Files.writeString(marker, ours.replace("semnal-journal 1", "semnal-journal 2"));
    Map<String, Long> files = files(journal);
    CommandRun refused = CommandRun.of(command(journal, after));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains("has format 2; this build reads and writes format 1")
        .doesNotContain("Exception");
    for (String[] reading :
        List.of(
            new String[] {"journal", "ls"},
            new String[] {"journal", "prune", "--older-than", "1d"},
            new String[] {"replay", "--verify"})) {
      List<String> args = new ArrayList<>(List.of(reading));
      args.addAll(List.of("--journal", journal.toString()));
      CommandRun run = CommandRun.of(args.toArray(String[]::new));
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).contains("has format 2");
    }
    assertThat(files(journal)).isEqualTo(files);
    Files.writeString(marker, ours);
    importing(journal, after);
    assertThat(headers(journal)).as("as if nothing had been tried").hasSize(1);
  }

  /** When each was written last; to look, the lock is taken and the queues are opened. */
  private static Map<String, Long> files(Path journal) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(journal)) {
      for (Path file : walk.filter(RestartChangesTest::isKept).toList()) {
        files.put(file.toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return files;
  }

  private static boolean isKept(Path file) {
    return Files.isRegularFile(file) && !file.endsWith("lock") && !file.endsWith("metadata.cq4t");
  }

  /** What a build of tomorrow may write without another format: fields behind the known ones. */
  @Test
  void passesOverFieldsThatANewerBuildAdded() throws Exception {
    Path journal = folder.resolve("fields");
    writtenTomorrow(journal, BarDecoder.TEMPLATE_ID, RestartChangesTest::withOneMoreField);
    CommandRun run = importing(journal, after);
    assertThat(run.out()).doesNotContain("still cold");
    long restart = secondRun(journal);
    assertThat(rows(journal, restartTime(journal))).isEqualTo(rows(whole, restartTime(journal)));
    carriedOverAndEnded(journal, restart);
    assertThat(CommandRun.done("journal", "verify", "--journal", journal.toString()).out())
        .contains("sound");
    assertThat(CommandRun.of("replay", "--verify", "--journal", journal.toString()).out())
        .contains("run 1: not verified: written by build " + NEWER_BUILD)
        .containsPattern("run 2: .* 0 differ");
  }

  /** A message that it does not know may have meant anything. */
  @Test
  void refusesMessagesThatOnlyANewerBuildKnows() throws Exception {
    Path journal = folder.resolve("templates");
    writtenTomorrow(journal, ScoreDecoder.TEMPLATE_ID, RestartChangesTest::ofUnknownTemplate);
    Map<String, Long> files = files(journal);
    CommandRun refused = CommandRun.of(command(journal, after));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .containsPattern("outbound message [0-9]+ is of template 9999 in version 2")
        .contains("start the newer build")
        .doesNotContain("salvage");
    assertThat(files(journal)).isEqualTo(files);
  }

  /** The first days' journal as another build had written it. */
  private static void writtenTomorrow(Path journal, int changed, UnaryOperator<byte[]> change) {
    try (JournalDirectory directory = JournalDirectory.open(journal, "FAST_DAILY")) {
      for (Message message : JournalView.inbound(begun, t -> true)) {
        byte[] bytes =
            switch (message.template()) {
              case QuoteDecoder.TEMPLATE_ID -> withOneMoreField(message.bytes());
              case RunHeaderDecoder.TEMPLATE_ID -> ofNewerBuild(message.bytes());
              default -> message.bytes();
            };
        directory.inboundLog().append(new UnsafeBuffer(bytes), 0, bytes.length);
      }
      for (Message message : JournalView.outbound(begun, t -> true)) {
        byte[] bytes =
            message.template() == changed ? change.apply(message.bytes()) : message.bytes();
        directory.outboundLog().append(new UnsafeBuffer(bytes), 0, bytes.length);
      }
    }
  }

  /** Eight bytes at the end of the block, in a schema of the next version. */
  private static byte[] withOneMoreField(byte[] message) {
    UnsafeBuffer from = new UnsafeBuffer(message);
    int block = HEADER.wrap(from, 0).blockLength();
    int end = MessageLayout.HEADER + block;
    byte[] longer = new byte[message.length + Long.BYTES];
    System.arraycopy(message, 0, longer, 0, end);
    System.arraycopy(message, end, longer, end + Long.BYTES, message.length - end);
    UnsafeBuffer to = new UnsafeBuffer(longer);
    to.putLong(end, 0x0102030405060708L);
    new MessageHeaderEncoder()
        .wrap(to, 0)
        .blockLength(block + Long.BYTES)
        .version(HEADER.version() + 1);
    return longer;
  }

  private static byte[] ofUnknownTemplate(byte[] message) {
    byte[] other = withOneMoreField(message);
    new MessageHeaderEncoder().wrap(new UnsafeBuffer(other), 0).templateId(9_999);
    return other;
  }

  private static byte[] ofNewerBuild(byte[] message) {
    String text = new String(message, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(THIS_BUILD);
    return text.replace(THIS_BUILD, NEWER_BUILD).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static List<Message> headers(Path journal) {
    return JournalView.inbound(journal, t -> t == RunHeaderDecoder.TEMPLATE_ID);
  }

  private static RunHeaderDecoder header(Message message) {
    RunHeaderDecoder header = new RunHeaderDecoder();
    header.wrapAndApplyHeader(message.buffer(), 0, HEADER);
    header.models().forEach(model -> {});
    return header;
  }

  /** The header's {@code journalSeq}. */
  private static long secondRun(Path journal) {
    List<Message> headers = headers(journal);
    assertThat(headers).hasSize(2);
    return headers.getLast().journalSeq();
  }

  private static long restartTime(Path journal) {
    return MessageLayout.inboundTime(headers(journal).getLast().buffer(), 0);
  }

  /** Contiguous, in one epoch, and the bars of a run that was never interrupted. */
  private static void goesOn(Path journal) {
    List<Message> said = JournalView.outbound(journal, t -> true);
    for (int i = 0; i < said.size(); i++) {
      assertThat(said.get(i).outSeq()).isEqualTo(i + 1);
    }
    assertThat(headers(journal)).allSatisfy(m -> assertThat(header(m).epoch()).isEqualTo(1));
    assertThat(bars(journal)).isEqualTo(bars(whole));
  }

  private static List<String> bars(Path journal) {
    return JournalView.behindSequences(
        JournalView.outbound(journal, t -> t == BarDecoder.TEMPLATE_ID));
  }

  /** Time and feature hash of all scores behind a time, none of which was cold. */
  private static List<String> rows(Path journal, long since) {
    return JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID).stream()
        .map(m -> new ScoreDecoder().wrapAndApplyHeader(m.buffer(), 0, HEADER))
        .filter(s -> s.time() > since)
        .peek(s -> assertThat(s.reason()).isNotEqualTo(ScoreReason.NOT_WARM))
        .map(s -> s.time() + " " + Long.toHexString(s.featureHash()))
        .toList();
  }

  /**
   * The signal that was open at the restart: its levels stay, and it ends where the quotes that
   * follow reach one of them first, or its time is over.
   */
  private static void carriedOverAndEnded(Path journal, long restart) {
    SignalDecoder open = null;
    SignalEventDecoder end = null;
    for (Message message :
        JournalView.outbound(
            journal, t -> t == SignalDecoder.TEMPLATE_ID || t == SignalEventDecoder.TEMPLATE_ID)) {
      if (message.template() == SignalDecoder.TEMPLATE_ID) {
        SignalDecoder signal = new SignalDecoder().wrapAndApplyHeader(message.buffer(), 0, HEADER);
        if (message.causeSeq() < restart && signal.signalType() != SignalType.NEUTRAL) {
          open = signal;
        }
      } else {
        SignalEventDecoder event =
            new SignalEventDecoder().wrapAndApplyHeader(message.buffer(), 0, HEADER);
        if (open != null && event.signalId() == open.outSeq()) {
          end = event.state() == SignalState.ENDED ? event : end;
        }
      }
    }
    assertThat(end).as("the end of a signal that was open at the restart").isNotNull();
    assertThat(end.causeSeq()).isGreaterThan(restart);
    boolean isBuy = open.signalType() == SignalType.BUY;
    long time = open.expiration();
    for (Message message : JournalView.inbound(journal, t -> t == QuoteDecoder.TEMPLATE_ID)) {
      QuoteDecoder quote = new QuoteDecoder().wrapAndApplyHeader(message.buffer(), 0, HEADER);
      if (quote.time() <= open.time() || quote.time() >= time || quote.flags().getRaw() != 0) {
        continue;
      }
      long price = isBuy ? quote.bid() : quote.ask();
      boolean stopped = isBuy ? price <= open.stopLoss() : price >= open.stopLoss();
      boolean reached = isBuy ? price >= open.takeProfit() : price <= open.takeProfit();
      if (stopped || reached) {
        time = quote.time();
      }
    }
    assertThat(Times.iso(end.time())).as(end.toString()).isEqualTo(Times.iso(time));
  }
}
