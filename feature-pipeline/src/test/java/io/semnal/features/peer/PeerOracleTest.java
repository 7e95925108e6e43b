package io.semnal.features.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Timeframe;
import io.semnal.features.Pipelines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streamed values against TA-Lib and ta4j, from the first defined value on where averages begin
 * alike, else from where the beginnings are forgotten: within 1e-5 once warm, within 1e-8 at twice
 * that (what a beginning weighs is squared there).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeerOracleTest {
  private static final double EXACT = 1e-8;
  private static final double CONVERGING = 1e-5;

  /** Equal prices abound: a tick of 0.05 at steps of about 0.5. */
  private final PeerMarket coarse = PeerMarket.walk(7, 7_500, 5_000_000);

  private final PeerMarket fine = PeerMarket.walk(8, 3_000, 1);

  private PeerMarket daily;

  /** Our values by market and column, each market streamed once. */
  private final Map<PeerMarket, Map<String, double[]>> ours = new HashMap<>();

  static Stream<Peer> peers() {
    return Stream.of(
            TaLibPeers.averages(),
            TaLibPeers.momentum(),
            TaLibPeers.trendAndVolatility(),
            TaLibPeers.windowsAndVolume(),
            Ta4jPeers.averages(),
            Ta4jPeers.momentum(),
            Ta4jPeers.trendAndVolatility(),
            Ta4jPeers.theRest(),
            TaLibPeers.more(),
            Ta4jPeers.more())
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("peers")
  void agreesOnARandomWalk(Peer peer) {
    PeerMarket market = peer.seeding() == Peer.Seeding.NO_TIES ? fine : coarse;
    assertThat(compare(peer, market)).isGreaterThan(300);
  }

  /** Real bars have ties, about which the peers of the other kind think differently. */
  static Stream<Peer> peersWithTies() {
    return peers().filter(peer -> peer.seeding() != Peer.Seeding.NO_TIES);
  }

  @ParameterizedTest
  @MethodSource("peersWithTies")
  void agreesOnDailyBars(Peer peer) {
    daily = daily == null ? PeerMarket.daily() : daily;
    int compared = compare(peer, daily);
    if (peer.seeding() == Peer.Seeding.SAME) {
      assertThat(compared).isGreaterThan(300);
    }
  }

  static Stream<PeerDifference> differences() {
    return PeerDifferences.all().stream();
  }

  /** A difference that is only said may be a bug that nobody looked at. */
  @ParameterizedTest
  @MethodSource("differences")
  void differsForTheReasonGiven(PeerDifference difference) {
    double[][] values = coarse.stream(difference.columns());
    double[] theirs = difference.peer().apply(coarse);
    assertThat(Comparison.largest(values[0], theirs)).isGreaterThan(1e-4);
    if (difference.translated()) {
      var set = Pipelines.set(Timeframe.D1, difference.columns().getLast());
      int warm = Pipelines.pipeline(Timeframe.D1).warmUpBars(set).get(Timeframe.D1);
      assertThat(Comparison.of(difference.toString(), values[1], theirs, warm, warm))
          .isGreaterThan(300);
    }
  }

  @Test
  void sixtyOutputsAndMoreHaveAPeer() {
    Set<String> outputs = new TreeSet<>();
    peers().forEach(peer -> outputs.add(peer.column().replaceAll("\\(.*\\)", "")));
    assertThat(outputs).hasSizeGreaterThan(100);
  }

  /**
   * @return how many values were compared
   */
  private int compare(Peer peer, PeerMarket market) {
    double[] actual = ours(market).get(peer.column());
    double[] expected = peer.values().apply(market);
    var set = Pipelines.set(Timeframe.D1, peer.column());
    boolean seededAlike = peer.seeding() != Peer.Seeding.OTHER;
    int warm = Pipelines.pipeline(Timeframe.D1).warmUpBars(set).get(Timeframe.D1);
    int defined = Pipelines.pipeline(Timeframe.D1).definedBars(set).get(Timeframe.D1);
    return Comparison.of(
        peer.toString(), actual, expected, seededAlike ? defined : warm, seededAlike ? 0 : warm);
  }

  private Map<String, double[]> ours(PeerMarket market) {
    return ours.computeIfAbsent(
        market,
        m -> {
          List<String> columns = new ArrayList<>(new TreeSet<>(peers().map(Peer::column).toList()));
          double[][] values = m.stream(columns);
          Map<String, double[]> result = new HashMap<>();
          for (int i = 0; i < values.length; i++) {
            result.put(columns.get(i), values[i]);
          }
          return result;
        });
  }

  /** Bar by bar, relative to the value, or to a hundredth of the column's mean size. */
  private static final class Comparison {
    private Comparison() {}

    static int of(String what, double[] actual, double[] expected, int start, int settling) {
      // A function with several outputs begins where the last of them does.
      int from = Math.max(start, first(expected) + 1);
      assertThat(from).as(what).isLessThanOrEqualTo(start + 2);
      double size = 0;
      int compared = 0;
      for (int i = from - 1; i < actual.length; i++) {
        if (!Double.isNaN(expected[i])) {
          size += Math.abs(expected[i]);
          compared++;
        }
      }
      double floor = compared == 0 ? 0 : size / compared / 100;
      for (int i = from - 1; i < actual.length; i++) {
        boolean exact = i >= from - 1 + settling;
        double scale = Math.max(Math.abs(expected[i]), exact ? floor : 100 * floor);
        assertThat(Double.isNaN(actual[i]))
            .as("%s at %d: %s against %s", what, i, actual[i], expected[i])
            .isEqualTo(Double.isNaN(expected[i]));
        if (!Double.isNaN(expected[i])) {
          assertThat(Math.abs(actual[i] - expected[i]))
              .as("%s at %d of %d: %s against %s", what, i, from, actual[i], expected[i])
              .isLessThanOrEqualTo((exact ? EXACT : CONVERGING) * scale);
        }
      }
      return compared;
    }

    /** The largest difference, by the mean size of what is expected. */
    static double largest(double[] actual, double[] expected) {
      double size = 0;
      double most = 0;
      for (int i = actual.length / 2; i < actual.length; i++) {
        boolean oneIsMissing = Double.isNaN(actual[i]) != Double.isNaN(expected[i]);
        size += Double.isNaN(expected[i]) ? 0 : 2 * Math.abs(expected[i]) / actual.length;
        double difference = oneIsMissing ? 1e9 : Math.abs(actual[i] - expected[i]);
        most = Double.isNaN(difference) ? most : Math.max(most, difference);
      }
      return most / Math.max(size, 1e-9);
    }

    private static int first(double[] values) {
      int i = 0;
      while (i < values.length && Double.isNaN(values[i])) {
        i++;
      }
      return i;
    }
  }
}
