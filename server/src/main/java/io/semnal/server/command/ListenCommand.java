package io.semnal.server.command;

import io.semnal.client.ClientHandler;
import io.semnal.client.ClientOptions;
import io.semnal.client.SemnalClient;
import io.semnal.client.Subscription;
import io.semnal.core.market.Timeframe;
import io.semnal.protocol.Channel;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ClientTls;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.protocol.session.SessionTerms;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A client on the console. */
@Command(
    name = "listen",
    mixinStandardHelpOptions = true,
    description = {
      "Connects to a server and prints what it publishes, a line a message.",
      "Comes back by itself after a loss and resumes where it was. At the end it prints the token to resume after.",
      "",
      "For example: semnal listen --to tcp://127.0.0.1:7102 --key-file data/client.key --channels"
          + " signals,bars --instruments EURUSD"
    })
public final class ListenCommand implements Callable<Integer> {
  private static final long WAIT_MILLIS = 100;
  private static final long GOODBYE_SECONDS = 3;
  private static final Duration SYNC_EVERY = Duration.ofSeconds(1);

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopping;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private ConfigOptions config;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "URI",
      description = "tcp://HOST:PORT or ws://HOST:PORT/ws; tcps:// and wss:// inside TLS.")
  private String to;

  @Option(
      names = "--key-file",
      required = true,
      paramLabel = "FILE",
      description = "The client's key, as 'semnal keys create' writes it.")
  private Path keyFile;

  @Mixin private TrustOptions trust;

  @Option(
      names = "--channels",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "LIST",
      defaultValue = "signals",
      description = "signals, scores, bars, quotes, status; ${DEFAULT-VALUE} by default.")
  private List<String> channels;

  @Option(
      names = "--instruments",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "LIST",
      description = "Symbols; all by default.")
  private List<String> instruments = List.of();

  @Option(
      names = "--timeframes",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "LIST",
      description = "For example 1m,1h; all by default.")
  private List<String> timeframes = List.of();

  @Option(
      names = "--strategies",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "LIST",
      description = "Names; all by default.")
  private List<String> strategies = List.of();

  @Option(
      names = "--from",
      paramLabel = "TOKEN",
      description = "Resumes after this token, EPOCH:OUTSEQ; 1:0 is everything of the first epoch.")
  private String from;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Ends after so many messages; by default never.")
  private long count = Long.MAX_VALUE;

  @Option(
      names = "--json",
      description = "Prints JSON; over WebSocket it is what the server sent, to the letter.")
  private boolean json;

  @Option(
      names = "--latency",
      description = {
        "At the end prints how long after their quotes live messages were here, by the server's clock:",
        "percentiles, the network's share, and by how much the clocks can be wrong."
      })
  private boolean latency;

  @Option(
      names = "--retry-for",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to try to come back after a loss: ${DEFAULT-VALUE} by default.")
  private long retryFor;

  @Override
  public Integer call() throws IOException {
    config.load();
    ClientOptions options = options();
    Subscription subscription = subscription();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    MessageLines lines = new MessageLines(out, json, count);
    try (SemnalClient client = new SemnalClient(options, new Printer(lines, err))) {
      client.connect();
      client.subscribe(subscription);
      stopOnSignal();
      while (!lines.isDone() && !stopping) {
        if (client.poll() == 0) {
          out.flush();
          client.await(WAIT_MILLIS);
        }
        if (out.checkError()) {
          // Nobody reads any more, as with 'semnal listen … | head'.
          break;
        }
      }
      out.flush();
      err.println("resume with --from " + token(client, lines));
      if (latency) {
        err.print(client.latency().summary());
      }
      err.flush();
    } catch (IOException e) {
      out.flush();
      throw new CommandFailure(e.getMessage(), e);
    } finally {
      ended.countDown();
    }
    return lines.failure() == null ? 0 : 1;
  }

  /** Ctrl-C ends the loop, so that the token is still printed. */
  private void stopOnSignal() {
    Runnable stop =
        () -> {
          stopping = true;
          try {
            ended.await(GOODBYE_SECONDS, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "semnal-listen-stop"));
  }

  /** After the last line printed: the client may have received more. */
  private static String token(SemnalClient client, MessageLines lines) {
    ResumeToken token = client.token();
    long epoch = token == null ? client.terms().epoch() : token.epoch();
    long outSeq = lines.lastOutSeq() > 0 ? lines.lastOutSeq() : token == null ? 0 : token.outSeq();
    return new ResumeToken(epoch, outSeq).toString();
  }

  private ClientOptions options() throws IOException {
    try {
      boolean ws = to.startsWith("ws");
      ClientOptions options =
          ClientOptions.of(to, ClientKey.read(keyFile))
              .withName("semnal listen")
              .withRetryFor(Duration.ofSeconds(retryFor));
      if (latency) {
        options = options.withTimeSync(SYNC_EVERY);
      }
      boolean secure = to.startsWith("tcps:") || to.startsWith("wss:");
      ClientTls tls = trust.of(spec.commandLine(), secure, "tcps:// or wss://");
      if (tls != null) {
        options = options.withTls(tls);
      }
      return json && ws ? options.withJson() : options;
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private Subscription subscription() {
    try {
      Set<Channel> wanted = new HashSet<>();
      for (String channel : channels) {
        wanted.add(channel(channel.trim()));
      }
      return new Subscription(
          wanted,
          instruments,
          timeframes.stream().map(t -> Timeframe.parse(t).seconds()).toList(),
          strategies,
          from == null ? null : ResumeToken.parse(from),
          false,
          false,
          null);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private static Channel channel(String name) {
    for (Channel channel : Channel.values()) {
      if (channel.wireName().equals(name.toLowerCase(Locale.ROOT))) {
        return channel;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + name
            + "' is not a channel: "
            + String.join(", ", Arrays.stream(Channel.values()).map(Channel::wireName).toList()));
  }

  private record Printer(MessageLines lines, PrintWriter err) implements ClientHandler {
    @Override
    public void onMessage(DirectBuffer buffer, int offset, int length) {
      lines.onMessage(buffer, offset);
      if (lines.failure() != null) {
        say(lines.failure());
      }
    }

    @Override
    public void onText(String text) {
      lines.onText(text);
      if (lines.failure() != null) {
        say(lines.failure());
      }
    }

    @Override
    public void onConnected(SessionTerms terms) {
      say("connected, the server has come to " + terms.epoch() + ":" + terms.headOutSeq());
    }

    @Override
    public void onDisconnected(String why) {
      say("connection lost (" + why + "), trying to come back");
    }

    @Override
    public void onGap(
        int channel, int instrumentId, int timeframe, int strategyId, long first, long last) {
      say("GAP: streamSeq " + first + " to " + last + " of a topic did not come");
    }

    private void say(String text) {
      err.println(text);
      err.flush();
    }
  }
}
