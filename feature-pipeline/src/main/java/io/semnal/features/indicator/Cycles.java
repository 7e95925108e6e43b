package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.graph.DominantCycle;
import io.semnal.features.graph.GraphContext;
import io.semnal.features.graph.MesaAverage;
import io.semnal.features.graph.Node;
import java.util.List;

/** Ehlers' cycle measurements by the Hilbert transform, and the averages that follow from them. */
final class Cycles {
  private static final double[] NONE = {};

  private Cycles() {}

  static List<Indicator> all() {
    return List.of(
        named(
                "cycle",
                "Dominant cycle by the Hilbert transform: period in bars, phase in degrees; in a market"
                    + " that stands still the period is the last one")
            .with(Parameter.series("x", "hl2"))
            .output("period", (c, s, n) -> new DominantCycle(s.getFirst()))
            .output("phase", (c, s, n) -> new DominantCycle.Phase(cycle(c, s.getFirst())))
            .done(),
        named(
                "htTrendline",
                "Hilbert transform instantaneous trendline: the mean over one dominant cycle,"
                    + " weighted 4 3 2 1")
            .with(Parameter.series("x", "hl2"))
            .inPrice()
            .is((c, s, n) -> new DominantCycle.Trendline(s.getFirst(), cycle(c, s.getFirst()))),
        named(
                "mama",
                "MESA adaptive moving average and the following one, whose weight is half as large")
            .with(Parameter.series("x", "hl2"))
            .with(Parameter.weight("fast", 0.5))
            .with(Parameter.weight("slow", 0.05))
            .inPrice()
            .output(
                "mama",
                (c, s, n) ->
                    new MesaAverage(s.getFirst(), alpha(c, s.getFirst(), n[0], n[1]), n[1]))
            .output("fama", "adaptive(mama, alpha / 2, slow / 2)")
            .pure()
            .output(
                "alpha",
                (c, s, n) ->
                    new MesaAverage.Alpha(s.getFirst(), phase(c, s.getFirst()), n[0], n[1]))
            .done());
  }

  /** Under the key that the output of that name has, so that both are one node. */
  private static DominantCycle cycle(GraphContext context, Node x) {
    return (DominantCycle)
        context.node("cycle.period", List.of(x), NONE, () -> new DominantCycle(x));
  }

  private static DominantCycle.Phase phase(GraphContext context, Node x) {
    DominantCycle cycle = cycle(context, x);
    return (DominantCycle.Phase)
        context.node("cycle.phase", List.of(x), NONE, () -> new DominantCycle.Phase(cycle));
  }

  private static Node alpha(GraphContext context, Node x, double fast, double slow) {
    DominantCycle.Phase phase = phase(context, x);
    return context.node(
        "mama.alpha",
        List.of(x),
        new double[] {fast, slow},
        () -> new MesaAverage.Alpha(x, phase, fast, slow));
  }
}
