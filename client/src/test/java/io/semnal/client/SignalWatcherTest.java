package io.semnal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.access.KeyMaker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README's example compiles, and does what the README says. */
class SignalWatcherTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "ws"})
  void showsEachSignal(String transport) throws Exception {
    Path key = folder.resolve("client.key");
    KeyMaker.writeClientKey(key, GatewayRig.KEY);
    Outbound journal = new Outbound();
    try (GatewayRig rig = new GatewayRig(journal, 0, 0)) {
      String uri =
          transport.equals("tcp")
              ? "tcp://127.0.0.1:" + rig.tcp.getPort()
              : "ws://127.0.0.1:" + rig.ws.getPort() + "/ws";
      List<String> shown = new ArrayList<>();
      Thread publisher = Thread.ofVirtual().start(() -> publishUntilEnough(rig, journal, shown));
      new SignalWatcher(
              line -> {
                synchronized (shown) {
                  shown.add(line);
                  return shown.size() < 3;
                }
              })
          .watch(uri, key, "EURUSD");
      publisher.join();
      // One poll hands over all that has arrived: it may be more than was asked for.
      assertThat(shown).hasSizeGreaterThanOrEqualTo(3);
      int first = Integer.parseInt(shown.getFirst().replaceAll("#([0-9]+) .*", "$1"));
      for (int i = 0; i < shown.size(); i++) {
        assertThat(shown.get(i)).isEqualTo("#" + (first + i) + " BUY at 1.1643");
      }
    }
  }

  /** The subscription begins at some moment: signals come until the watcher has seen enough. */
  private static void publishUntilEnough(GatewayRig rig, Outbound journal, List<String> shown) {
    while (true) {
      synchronized (shown) {
        if (shown.size() >= 3) {
          return;
        }
      }
      rig.publish(journal.signal());
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
  }

  /** What the README shows is this code, but for its indentation. */
  @Test
  void isWhatTheReadmeShows() throws Exception {
    Path root = Path.of(System.getProperty("semnal.root"));
    Matcher block = JAVA_BLOCK.matcher(Files.readString(root.resolve("README.md")));
    String source =
        Files.readString(root.resolve("client/src/test/java/io/semnal/client/SignalWatcher.java"));
    int blocks = 0;
    for (; block.find(); blocks++) {
      assertThat(squeezed(source)).contains(squeezed(block.group(1)));
    }
    assertThat(blocks).isEqualTo(2);
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
