package io.semnal.server.command;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.market.Instrument;
import io.semnal.feed.session.FeedClient;
import io.semnal.feed.session.FeedProgress;
import io.semnal.feed.session.Pace;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tick files to a running server. */
@Command(
    name = "feed",
    mixinStandardHelpOptions = true,
    description = {
      "Sends tick files to a running server.",
      "When the connection or the server breaks, it goes on by"
          + " itself where the server's journal ends: the journal counts a key's ticks, so a later"
          + " feed with the same key names the same files again, and more.",
      "",
      "For example: semnal feed --to 127.0.0.1:7101 --key-file data/feed.key --format truefx"
          + " --instrument USDJPY ticks.csv"
    })
public final class FeedCommand implements Callable<Integer> {
  private static final String TLS = "tcps://";

  private static final class HowFast {
    @Option(names = "--rate", paramLabel = "N/s", description = "Quotes a second.")
    private String rate;

    @Option(
        names = "--speed",
        paramLabel = "Xx|max",
        description = "Times the speed of the ticks' own times, or max.")
    private String speed;
  }

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private TickInput input;
  @ArgGroup private HowFast howFast;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "ADDRESS",
      description = "The server's feed port: HOST:PORT, or tcps://HOST:PORT inside TLS.")
  private String to;

  @Mixin private TrustOptions trust;

  @Option(
      names = "--key-file",
      required = true,
      paramLabel = "FILE",
      description = "The feed's key: id = …, secret = ….")
  private Path keyFile;

  @Option(
      names = "--retry-for",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to try to reach the server again: ${DEFAULT-VALUE} by default.")
  private long retryFor;

  private boolean warned;
  private boolean ended;

  @Override
  public Integer call() throws IOException, InterruptedException {
    EngineConfig config = options.load().engine();
    // What cannot be opened is said before anything connects.
    input.open(config).close();
    boolean secure = to.startsWith(TLS);
    FeedClient client =
        new FeedClient(
            new FeedClient.Options(
                Addresses.parse(spec.commandLine(), secure ? to.substring(TLS.length()) : to),
                trust.of(spec.commandLine(), secure, TLS),
                ClientKey.read(keyFile),
                "semnal feed",
                pace(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(retryFor)),
            symbols(config),
            () -> input.open(config),
            this::show);
    FeedProgress end;
    try {
      end = client.run();
    } catch (IOException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
    ended = true;
    warn(end);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d ticks settled (%d were there before), %d rejected, %d reconnection(s), %.1f s%n",
        end.acknowledged(),
        end.present(),
        end.rejections(),
        end.reconnects(),
        end.elapsedNanos() / 1e9);
    if (end.rejections() > 0) {
      out.println("last rejection: " + end.lastRejection());
    }
    return 0;
  }

  /** A source of one instrument says -1, which the client takes for the first symbol. */
  private List<String> symbols(EngineConfig config) {
    int index = input.instrumentIndex(config);
    return index >= 0
        ? List.of(config.instruments().get(index).symbol())
        : config.instruments().stream().map(Instrument::symbol).toList();
  }

  private Pace pace() {
    try {
      if (howFast == null) {
        return Pace.MAX;
      }
      return howFast.rate != null ? Pace.parseRate(howFast.rate) : Pace.parseSpeed(howFast.speed);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** A journal counts a key's ticks, and cannot tell one file's from another's. */
  private void warn(FeedProgress progress) {
    if (warned || progress.present() == 0 || progress.read() < progress.present() && !ended) {
      return;
    }
    warned = true;
    boolean all = ended && progress.sent() == 0;
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "warning: the server's journal has %d ticks of this key already: as many of these files%s"
            + " are taken for them, and not sent%s.%n"
            + "If they are others than then, feed them with a key of their own: semnal keys create.%n",
        progress.present(),
        progress.presentUntil() == 0 ? "" : ", through " + Times.iso(progress.presentUntil()) + ",",
        all ? "; that is all of them" : "");
    err.flush();
  }

  private void show(FeedProgress progress) {
    warn(progress);
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "%s%d sent, %d settled%s%n",
        progress.connected() ? "" : "not connected; ",
        progress.read(),
        progress.acknowledged(),
        progress.reconnects() > 0 ? ", " + progress.reconnects() + " reconnection(s)" : "");
    err.flush();
  }
}
