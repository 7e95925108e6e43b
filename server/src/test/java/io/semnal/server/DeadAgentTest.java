package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.core.access.KeyFile;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.journal.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread that dies ends the server with a sentence, never with silence. */
class DeadAgentTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;

  /** Throws when it starts, or when it is told to. */
  private record Mortal(boolean atStart, CountDownLatch end) implements Agent {
    @Override
    public void onStart() {
      if (atStart) {
        throw new IllegalStateException("born dead");
      }
    }

    @Override
    public int doWork() {
      if (end.getCount() == 0) {
        throw new IllegalStateException("worn out");
      }
      return 0;
    }

    @Override
    public String roleName() {
      return "mortal";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared", "paired", "dedicated"})
  void stopsTheStart(String composition) {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          SemnalConfig config = config(composition);
          try (EngineHost host = EngineHost.open(config, new Metrics(), Progress.NONE);
              SignalServer server = server(config, host, new Mortal(true, new CountDownLatch(1)))) {
            startInVain(server, composition);
            server.awaitStop();
            assertTrue(server.fault().contains("born dead"), server.fault());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared", "paired", "dedicated"})
  void endsTheRunningServer(String composition) {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          SemnalConfig config = config(composition);
          CountDownLatch end = new CountDownLatch(1);
          try (EngineHost host = EngineHost.open(config, new Metrics(), Progress.NONE);
              SignalServer server = server(config, host, new Mortal(false, end))) {
            server.start();
            end.countDown();
            server.awaitStop();
            assertTrue(server.fault().contains("worn out"), server.fault());
          }
        });
    CommandRun verified =
        CommandRun.of("replay", "--verify", "--journal", folder.resolve("journal").toString());
    assertEquals(0, verified.exit(), verified::toString);
  }

  /** Ports that belong to another thread may be open before the first one dies. */
  private static void startInVain(SignalServer server, String composition) {
    try {
      server.start();
      assertNotEquals("shared", composition, "its one thread is dead");
    } catch (IllegalStateException e) {
      assertTrue(e.getMessage().contains("born dead"), e::getMessage);
    }
  }

  private SemnalConfig config(String composition) throws IOException {
    return new ServerSetup(folder)
        .load(
            folder.resolve("journal"),
            Map.of("threads.composition", composition, "admin.enabled", "false"));
  }

  private static SignalServer server(SemnalConfig config, EngineHost host, Agent extra)
      throws IOException {
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    return new SignalServer(config, host, new Metrics(), keys, keys, extra);
  }
}
