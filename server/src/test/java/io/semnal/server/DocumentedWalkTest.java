package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.server.JournalView.Message;
import io.semnal.testing.StandingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walk of {@code docs/training.md}, from real prices to signals by a promoted model, and on to
 * {@code docs/models.md}, where a file is brought: a shell runs the pages' own lines, with shorter
 * training and on ports that are free.
 */
class DocumentedWalkTest {
  private static final Path ROOT = Path.of(System.getProperty("semnal.root"));
  private static final Path DATA =
      Path.of(System.getProperty("semnal.testdata", "absent"), "lean/oanda");
  private static final Pattern BLOCK =
      Pattern.compile("<!-- DocumentedWalkTest .*?-->\n```bash\n(.*?)```", Pattern.DOTALL);

  /** Where a line fails, what runs in the background ends with the shell. */
  private static final String LEAVE_NOTHING =
      "trap 'jobs -p | xargs -r kill 2> /dev/null || true' EXIT\n";

  /** What the pages say, and what is done here in its stead. */
  private static final Map<String, String> SHORTER =
      Map.of(
          "DATA=\\S+", "DATA='" + DATA.toAbsolutePath() + "'",
          "--trials 12", "--trials 1",
          "--trials 20", "--trials 1 --set rounds=60 --set rate=0.1",
          "--shuffles 20", "--shuffles 1",
          "--rate 20000/s", "--rate 200000/s",
          "sleep 1", "sleep 0.1");

  @TempDir private Path folder;

  @Test
  void doesWhatThePageSays() throws Exception {
    assumeTrue(Files.isDirectory(DATA), "test data lean/oanda is not here");
    prepare();
    Process shell =
        new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", script())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said.txt").toFile())
            .start();
    boolean ended = shell.waitFor(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    String said = Files.readString(folder.resolve("said.txt"));
    if (!ended) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
    assertThat(ended && shell.exitValue() == 0).as(said).isTrue();

    assertThat(said)
        .contains("eurusd-hour@1 is registered, and its champion")
        .contains("eurusd-hour@2 is registered")
        .contains("the server scores with eurusd-hour@2")
        .containsPattern("eurusd-hour@2 +champion")
        .contains("identical: 1 run(s)")
        .contains("mine@1 is the champion now")
        .contains("rows scored by the compiled scorer; the two differ by at most");
    for (String report : List.of("data/first/report.json", "data/second/report.json")) {
      assertThat(folder.resolve(report)).content().contains("\"auc\"");
    }
    assertEachSignalIsOfTheModelOfItsTime();
  }

  /** A launcher that runs the classes under test; the page's configuration, on free ports. */
  private void prepare() throws IOException {
    Path launcher = Files.createDirectories(folder.resolve("scripts")).resolve("semnal");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        exec '%s/bin/java' '@%s' -Xms128m -Xmx512m -XX:TieredStopAtLevel=1 -cp '%s' '-Dsemnal.home=%s' io.semnal.server.Semnal "$@"
        """
            .formatted(
                System.getProperty("java.home"),
                ROOT.resolve("scripts/jvm.flags"),
                System.getProperty("java.class.path"),
                ROOT));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    Path config = Files.createDirectories(folder.resolve("docs/examples"));
    Files.copy(ROOT.resolve("docs/examples/eurusd-hour.conf"), config.resolve("eurusd-hour.conf"));
  }

  private String script() throws IOException {
    String script = LEAVE_NOTHING + lines("docs/training.md") + lines("docs/models.md");
    for (Map.Entry<String, String> change : SHORTER.entrySet()) {
      String changed =
          script.replaceAll(change.getKey(), Matcher.quoteReplacement(change.getValue()));
      assertThat(changed).as(change.getKey()).isNotEqualTo(script);
      script = changed;
    }
    Map<String, Integer> ports =
        Map.of(
            "feed.port", 7101, "gateway.tcpPort", 7102, "gateway.wsPort", 7103, "admin.port", 7104);
    StringBuilder chosen = new StringBuilder();
    for (Map.Entry<String, Integer> port : ports.entrySet()) {
      int free = StandingPort.tcp();
      script = script.replace(":" + port.getValue(), ":" + free);
      chosen.append(port.getKey()).append(" = ").append(free).append('\n');
    }
    Path config = folder.resolve("docs/examples/eurusd-hour.conf");
    Files.writeString(config, Files.readString(config) + chosen);
    return script;
  }

  private static String lines(String page) throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve(page)));
    assertThat(block.find()).as(page).isTrue();
    return block.group(1);
  }

  /**
   * What was heard is what the journal has: before the activation by the first, then by the new.
   */
  private void assertEachSignalIsOfTheModelOfItsTime() throws IOException {
    Path journal = folder.resolve("data/walk");
    List<Message> activations =
        JournalView.inbound(journal, t -> t == ModelActivationDecoder.TEMPLATE_ID);
    assertThat(activations).hasSize(1);
    long swap = activations.getFirst().journalSeq();
    Map<Long, String> models = new HashMap<>();
    TreeSet<String> published = new TreeSet<>();
    for (Message message : JournalView.outbound(journal, t -> true)) {
      if (message.template() == ModelDefinitionDecoder.TEMPLATE_ID) {
        ModelDefinitionDecoder model = new ModelDefinitionDecoder();
        model.wrapAndApplyHeader(message.buffer(), 0, new MessageHeaderDecoder());
        long id = model.modelId();
        models.put(id, model.name() + "@" + model.version());
      } else if (message.template() == SignalDecoder.TEMPLATE_ID) {
        SignalDecoder signal = new SignalDecoder();
        signal.wrapAndApplyHeader(message.buffer(), 0, new MessageHeaderDecoder());
        long id = signal.modelId();
        String model = models.get(id);
        assertThat(model).isEqualTo(message.causeSeq() < swap ? "eurusd-hour@1" : "eurusd-hour@2");
        published.add("#" + signal.outSeq() + " " + signal.signalType() + " " + model);
      }
    }
    TreeSet<String> heard = new TreeSet<>();
    Pattern line = Pattern.compile("(#\\d+) .* signal (\\S+) strength .* by (\\S+)");
    for (String text : Files.readAllLines(folder.resolve("data/heard.txt"))) {
      Matcher match = line.matcher(text);
      if (match.matches()) {
        heard.add(match.group(1) + " " + match.group(2) + " " + match.group(3));
      }
    }
    assertThat(published).containsAll(heard);
    assertThat(heard).anyMatch(text -> text.endsWith("eurusd-hour@2"));
  }
}
