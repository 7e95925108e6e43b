package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger runs first: the demo explains itself, ends well, and its journal replays. */
class DemoTest {
  @TempDir private Path folder;

  @Test
  void showsEverythingAndLeavesAJournalThatReplays() throws IOException, InterruptedException {
    try (SemnalProcess demo =
        SemnalProcess.start(
            folder,
            "demo",
            "--seconds",
            "3",
            "--dir",
            folder.toString(),
            // A few instruments for all of them: the warm-up is most of the time.
            "-Duniverse=[EURUSD,USDJPY,EURJPY,GBPUSD]")) {
      assertEquals(0, demo.await(ServerSetup.PATIENCE), demo::output);
      for (String part :
          List.of(
              "Semnal on a SIMULATED market",
              "Warm after ",
              "tcp    tcp://127.0.0.1:",
              "ws     ws://127.0.0.1:",
              "listen --to tcp://127.0.0.1:",
              "Summary, SIMULATED",
              "  ticks    ",
              "  bars     ",
              "  scores   ",
              "  signals  ",
              "  ended    ",
              "  outcomes ",
              "  latency of sampled ticks",
              "    engine ",
              "replay --journal ")) {
        assertTrue(demo.output().contains(part), () -> part + " is missing in\n" + demo.output());
      }
    }
    String journal = folder.resolve("journal").toString();
    String text = CommandRun.done("replay", "--verify", "--journal", journal).out();
    assertTrue(text.contains("identical: 1 run(s)"), text);
  }
}
