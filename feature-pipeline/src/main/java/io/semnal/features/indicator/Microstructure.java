package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.bar.BarFlagBits;
import io.semnal.features.graph.FlagNode;
import io.semnal.features.graph.InputNode;
import java.util.List;

/** What happened inside the bar, quote by quote; missing where the bar came from a file. */
final class Microstructure {
  private Microstructure() {}

  static List<Indicator> all() {
    return List.of(
        named("upTicks", "Quotes whose mid lay above that of the quote before, within the bar")
            .is(bar(InputNode.Field.UP_TICKS)),
        named("downTicks", "Quotes whose mid lay below that of the quote before, within the bar")
            .is(bar(InputNode.Field.DOWN_TICKS)),
        named("tickImbalance", "Up ticks less down ticks by both, −1 to 1; 0 where none moved")
            .is("ratio(upTicks - downTicks, upTicks + downTicks, 0)"),
        named("intrabarVariance", "Realised variance: squared log changes of the mid in the bar")
            .is(bar(InputNode.Field.INTRABAR_VARIANCE)),
        named("intrabarVolatility", "Realised volatility: square root of the bar's variance")
            .is("sqrt(intrabarVariance)"),
        named("bidSize", "Size at the last bid, in the base currency; missing where unknown")
            .is(bar(InputNode.Field.BID_SIZE)),
        named("askSize", "Size at the last ask, in the base currency; missing where unknown")
            .is(bar(InputNode.Field.ASK_SIZE)),
        named("sizeImbalance", "Bid size less ask size by both, −1 to 1; missing without sizes")
            .is("(bidSize - askSize) / (bidSize + askSize)"),
        named(
                "microPrice",
                "Last bid and ask, each weighted by the other side's size, and how far that lies"
                    + " above the mid; missing without sizes")
            .inPrice()
            .output("price", bar(InputNode.Field.MICRO_PRICE))
            .output("offset", "sizeImbalance * spread.last / 2")
            .done(),
        named(
                "quoteAge",
                "Seconds since the last quote: at the close, or at the engine's present time while"
                    + " the bar is forming")
            .is(bar(InputNode.Field.QUOTE_AGE)),
        named("quality", "Marks of the bar, 1 or 0: what is to be known before it is trusted")
            .output("gap", flag(BarFlagBits.GAP))
            .output("partial", flag(BarFlagBits.PARTIAL))
            .output("stale", flag(BarFlagBits.STALE))
            .output("crossed", flag(BarFlagBits.CROSSED))
            .output("locked", flag(BarFlagBits.LOCKED))
            .output("late", flag(BarFlagBits.LATE))
            .output("spike", flag(BarFlagBits.SPIKE))
            .output("conflated", flag(BarFlagBits.CONFLATED))
            .output("closed", flag(BarFlagBits.OFF_HOURS))
            .output("historical", flag(BarFlagBits.HISTORICAL))
            .output("simulated", flag(BarFlagBits.SIMULATED))
            .done());
  }

  private static Output.NodeFactory bar(InputNode.Field field) {
    return (context, series, numbers) -> new InputNode(context, field);
  }

  private static Output.NodeFactory flag(int bit) {
    return (context, series, numbers) -> new FlagNode(context, bit);
  }
}
