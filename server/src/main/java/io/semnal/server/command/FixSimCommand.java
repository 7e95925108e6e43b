package io.semnal.server.command;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.market.Instrument;
import io.semnal.feed.TickSource;
import io.semnal.feed.fix.VenueSimulator;
import io.semnal.feed.fix.WireFaults;
import io.semnal.feed.session.Pace;
import io.semnal.fix.codec.FixVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A broker's FIX price session, played from tick files. */
@Command(
    name = "fix-sim",
    mixinStandardHelpOptions = true,
    description = {
      "Plays a broker: accepts FIX sessions and streams tick files as market data.",
      "Begins when a client has asked for every instrument of the files.",
      "",
      "For example: semnal fix-sim --listen 127.0.0.1:9880 --format truefx --instrument USDJPY"
          + " --speed 1x ticks.csv"
    })
public final class FixSimCommand implements Callable<Integer> {
  private static final class HowFast {
    @Option(names = "--rate", paramLabel = "N/s", description = "Ticks a second.")
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
      names = "--listen",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Where clients connect; port 0 takes any free one.")
  private String listen;

  @Option(
      names = "--fix-version",
      paramLabel = "VERSION",
      defaultValue = "FIX.4.4",
      description = "FIX.4.2, FIX.4.3, FIX.4.4 or FIXT.1.1; ${DEFAULT-VALUE} by default.")
  private String version;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      defaultValue = "ASKED",
      description =
          "ASKED: W, then X where 265=1 asked for it; QUOTE: S; MASS_QUOTE: i. ${DEFAULT-VALUE} by"
              + " default.")
  private VenueSimulator.Shape shape;

  @Option(
      names = "--name",
      paramLabel = "SYMBOL=NAME",
      description = "The venue's own name of an instrument, such as EURUSD=4001.")
  private Map<String, String> names = new TreeMap<>();

  @Option(names = "--linger", description = "Stay up behind the last tick.")
  private boolean linger;

  @Option(
      names = "--faults",
      paramLabel = "FAULT:N,…",
      description =
          "What goes wrong at every so many price messages: gap, duplicate, garbage, stall,"
              + " disconnect; none behind until; such as gap:1000,disconnect:20000,until:90000.")
  private String faults;

  @Override
  public Integer call() throws IOException {
    EngineConfig config = options.load().engine();
    VenueSimulator venue =
        new VenueSimulator(
            new VenueSimulator.Options(
                Addresses.parse(spec.commandLine(), listen),
                version(),
                instruments(config),
                names,
                shape,
                pace(),
                linger,
                faults()));
    PrintWriter out = spec.commandLine().getOut();
    venue
        .address()
        .thenAccept(
            at -> {
              out.printf("listening on %s:%d%n", at.getHostString(), at.getPort());
              out.flush();
            });
    try (TickSource ticks = input.open(config)) {
      venue.run(ticks);
    } catch (IOException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
    out.printf("%d ticks told, %d fault(s)%n", venue.told(), venue.spoiled());
    out.flush();
    return 0;
  }

  private FixVersion version() {
    try {
      return FixVersion.of(version);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private WireFaults faults() {
    try {
      return faults == null ? WireFaults.NONE : WireFaults.parse(faults);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** A source of one instrument says -1, which the venue takes for the first. */
  private List<Instrument> instruments(EngineConfig config) {
    int index = input.instrumentIndex(config);
    return index >= 0 ? List.of(config.instruments().get(index)) : config.instruments();
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
}
