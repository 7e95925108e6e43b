package io.semnal.server.command;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
import io.semnal.feed.session.Pace;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.ReplayRange;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.research.export.Definitions;
import io.semnal.server.KeySetup;
import io.semnal.server.ReplayServer;
import io.semnal.server.replay.PacedJournal;
import io.semnal.server.replay.ServedRange;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine;

/** A journal's messages once more at their pace: for people at a console, or for clients. */
final class Playback {
  private static final int BATCH = 1024;
  private static final long LONGEST_PAUSE = 50_000_000L;

  private final JournalDirectory journal;
  private final ReplayRange range;
  private final Pace pace;
  private final CommandLine console;

  Playback(JournalDirectory journal, ReplayRange range, Pace pace, CommandLine console) {
    this.journal = journal;
    this.range = range;
    this.pace = pace;
    this.console = console;
  }

  private JournalState scan(ProgressLine progress) {
    JournalState state = JournalScan.scan(journal, null, progress.recovery()).requireSound();
    progress.clear();
    return state;
  }

  /** Prints signals, their changes and the engine's status as they come. */
  int watch(boolean json, ProgressLine progress) {
    JournalState state = scan(progress);
    PrintWriter out = console.getOut();
    MessageLines lines = new MessageLines(out, json, Long.MAX_VALUE);
    for (byte[] message : state.standing()) {
      if (Definitions.defines(MessageLayout.templateId(new UnsafeBuffer(message), 0))) {
        lines.onMessage(new UnsafeBuffer(message), 0);
      }
    }
    ServedRange served = ServedRange.of(journal, state, range);
    try (PacedJournal paced =
        new PacedJournal(
            journal,
            served.range(),
            served.firstOutSeq(),
            pace,
            System::nanoTime,
            new Printer(lines))) {
      while (!paced.isEnded()) {
        if (paced.advance(BATCH) == 0) {
          out.flush();
          LockSupport.parkNanos(Math.min(LONGEST_PAUSE, Math.max(1, paced.idleNanos())));
        }
      }
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  /** Prints what is published and of interest to people. */
  private record Printer(MessageLines lines) implements PacedJournal.Target {
    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public void inbound(DirectBuffer buffer, int offset, int length) {
      // Quotes would be too many to read.
    }

    @Override
    public void outbound(DirectBuffer buffer, int offset, int length) {
      int channel = Channel.of(MessageLayout.templateId(buffer, offset));
      if (channel == Channel.SIGNALS.ordinal()
          || channel == Channel.STATUS.ordinal()
          || channel == Channel.DEFINITIONS) {
        lines.onMessage(buffer, offset);
      }
    }
  }

  /** Offers the messages on the gateway's ports until it is told to stop. */
  int serve(SemnalConfig config, ProgressLine progress) throws IOException, InterruptedException {
    JournalState state = scan(progress);
    ServedRange served = ServedRange.of(journal, state, range);
    PrintWriter out = console.getOut();
    CompletableFuture<Integer> end = new CompletableFuture<>();
    try (ReplayServer server =
        new ReplayServer(
            config,
            journal,
            served,
            ConfigLoader.engine(state.runAt(served.range().until()).engineText()).timeframes(),
            pace,
            KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed"))) {
      ReplayServer.Ports ports = server.start();
      Thread hook = RunCommand.hookFor(server::stop, end);
      out.printf(
          "REPLAY of %s, inbound messages %d to %d, outbound from %d%n",
          journal.path(), served.range().from(), served.range().until(), served.firstOutSeq());
      out.printf(
          "epoch %d: tokens of this replay are of no use to a live server, nor the other way%n",
          served.epoch());
      RunCommand.line(out, "tcp  ", "tcp://", ports.tcp(), "");
      RunCommand.line(out, "ws   ", "ws://", ports.ws(), "/ws");
      out.println("ready");
      out.flush();
      server.awaitEnd();
      if (server.fault() != null) {
        throw new CommandFailure(server.fault());
      }
      out.println("the replay has come to its end; clients can still read it until you stop this");
      out.flush();
      server.awaitStop();
      RunCommand.unhook(hook);
      if (server.fault() != null) {
        throw new CommandFailure(server.fault());
      }
    } finally {
      // Its exit code counts only if the process is told to stop, which is no failure.
      end.complete(CommandLine.ExitCode.OK);
    }
    return CommandLine.ExitCode.OK;
  }
}
