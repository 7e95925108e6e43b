package io.semnal.features.indicator;

import io.semnal.features.expression.Expression;
import io.semnal.features.graph.GraphContext;
import io.semnal.features.graph.Node;
import java.util.List;

/**
 * One value of an indicator.
 *
 * @param unit what the value is measured in
 */
public record Output(String name, Source source, Unit unit) {
  /** Prices and their differences are not comparable between instruments. */
  public enum Unit {
    PRICE,
    PURE
  }

  /** How the value comes about. */
  public sealed interface Source {}

  /**
   * From other indicators: names are the parameters, the indicator's other outputs, then the
   * catalogue's.
   */
  public record Formula(String text, Expression parsed) implements Source {}

  /** By a node of its own. */
  public record Primitive(NodeFactory factory) implements Source {}

  /** Makes the node from series and numbers in the order of the parameters. */
  @FunctionalInterface
  public interface NodeFactory {
    Node create(GraphContext context, List<Node> series, double[] numbers);
  }
}
