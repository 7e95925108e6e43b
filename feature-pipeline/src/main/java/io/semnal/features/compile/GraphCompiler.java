package io.semnal.features.compile;

import io.semnal.core.config.EngineConfig;
import io.semnal.features.expression.Expression;
import io.semnal.features.expression.ExpressionException;
import io.semnal.features.expression.ExpressionParser;
import io.semnal.features.expression.NearestName;
import io.semnal.features.graph.ConstantNode;
import io.semnal.features.graph.Elementwise;
import io.semnal.features.graph.FeatureGraph;
import io.semnal.features.graph.GraphContext;
import io.semnal.features.graph.Node;
import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import io.semnal.features.indicator.Output;
import io.semnal.features.indicator.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Turns columns into nodes of a graph. Names become nodes or, where an indicator is a formula, the
 * formula's nodes; what is equal is made once; arithmetic over numbers is done here.
 */
public final class GraphCompiler {
  private final EngineConfig config;
  private final FeatureGraph graph;
  private final IndicatorCatalogue catalogue;
  private final boolean checking;

  public GraphCompiler(EngineConfig config, FeatureGraph graph, IndicatorCatalogue catalogue) {
    this(config, graph, catalogue, false);
  }

  private GraphCompiler(
      EngineConfig config, FeatureGraph graph, IndicatorCatalogue catalogue, boolean checking) {
    this.config = config;
    this.graph = graph;
    this.catalogue = catalogue;
    this.checking = checking;
  }

  /**
   * One that checks syntax, names and arguments only: an instrument or timeframe that is not
   * configured stands for the column's own.
   */
  public static GraphCompiler checking(
      EngineConfig config, FeatureGraph graph, IndicatorCatalogue catalogue) {
    return new GraphCompiler(config, graph, catalogue, true);
  }

  /**
   * @throws ExpressionException naming the character and what is wrong there
   */
  public Node compile(String column, GraphContext context) {
    return new Scope(column, context, null, Map.of()).node(ExpressionParser.parse(column));
  }

  /** Compiles one text: a column, or the formula of an indicator with its parameters bound. */
  private final class Scope {
    private final String text;
    private final GraphContext context;

    /** Whose formula this is; {@code null} for a column. */
    private final Indicator owner;

    private final Map<String, Node> bound;

    Scope(String text, GraphContext context, Indicator owner, Map<String, Node> bound) {
      this.text = text;
      this.context = context;
      this.owner = owner;
      this.bound = bound;
    }

    Node node(Expression expression) {
      return switch (expression) {
        case Expression.Number n -> new ConstantNode(n.value());
        case Expression.Negate n -> {
          Node x = node(n.operand());
          yield make("negate", List.of(x), () -> new Elementwise.Negate(x));
        }
        case Expression.Binary b -> {
          Node left = node(b.left());
          Node right = node(b.right());
          yield make(
              b.operator().symbol(),
              List.of(left, right),
              () -> Elementwise.binary(b.operator(), left, right));
        }
        case Expression.At at -> remote(at);
        case Expression.Call call -> call(call);
      };
    }

    private Node make(String name, List<Node> inputs, Supplier<Node> factory) {
      return context.node(name, inputs, new double[0], factory);
    }

    private Node remote(Expression.At at) {
      int instrument = context.instrument();
      if (at.instrument() != null) {
        instrument = config.instrumentIndex(at.instrument());
        if (instrument < 0 && checking) {
          instrument = context.instrument();
        }
        if (instrument < 0) {
          List<String> symbols = config.instruments().stream().map(i -> i.symbol()).toList();
          throw error(
              at.position(),
              "unknown instrument '"
                  + at.instrument()
                  + "'"
                  + NearestName.hint(at.instrument(), symbols));
        }
      }
      int timeframe =
          config.timeframeIndex(at.timeframe() == null ? context.timeframe() : at.timeframe());
      if (timeframe < 0 && checking) {
        timeframe = config.timeframeIndex(context.timeframe());
      }
      if (timeframe < 0) {
        throw error(
            at.position(), "timeframe " + at.timeframe() + " is not one of " + config.timeframes());
      }
      GraphContext source = graph.context(instrument, timeframe, context.price());
      Node target = new Scope(text, source, owner, bound).node(at.operand());
      return context.remote(source, target);
    }

    private Node call(Expression.Call call) {
      if (owner != null && call.arguments().isEmpty() && call.output() == null) {
        Node node = bound.get(call.name());
        if (node != null) {
          return node;
        }
        Output sibling = owner.output(call.name());
        if (sibling != null) {
          return output(owner, sibling, bound, call.position());
        }
      }
      Indicator indicator = catalogue.find(call.name());
      if (indicator == null) {
        throw error(
            call.position(),
            "unknown name '"
                + call.name()
                + "'"
                + NearestName.hint(call.name(), catalogue.names()));
      }
      Output output = indicator.outputs().getFirst();
      if (call.output() != null) {
        output = indicator.output(call.output());
        if (output == null) {
          throw error(
              call.outputPosition(),
              "'"
                  + indicator.name()
                  + "' has no output '"
                  + call.output()
                  + "', only "
                  + String.join(", ", indicator.outputNames())
                  + NearestName.hint(call.output(), indicator.outputNames()));
        }
      }
      return output(indicator, output, bind(indicator, call), call.position());
    }

    /** Arguments and defaults by the parameters' names. */
    private Map<String, Node> bind(Indicator indicator, Expression.Call call) {
      List<Node> arguments = new ArrayList<>();
      for (Expression argument : call.arguments()) {
        arguments.add(node(argument));
      }
      List<Parameter> parameters = indicator.parameters();
      boolean seriesLeftOut =
          !parameters.isEmpty()
              && parameters.getFirst().kind() == Parameter.Kind.SERIES
              && parameters.getFirst().hasDefault()
              && (arguments.isEmpty() || arguments.getFirst() instanceof ConstantNode);
      int offset = seriesLeftOut ? 1 : 0;
      if (arguments.size() + offset > parameters.size()) {
        throw error(call.position(), "too many arguments: it is " + indicator.signature());
      }
      Map<String, Node> result = new HashMap<>();
      for (int i = 0; i < parameters.size(); i++) {
        Parameter parameter = parameters.get(i);
        Node value;
        if (i >= offset && i - offset < arguments.size()) {
          value = arguments.get(i - offset);
          check(parameter, value, indicator, call.arguments().get(i - offset).position());
        } else if (parameter.hasDefault()) {
          value = defaultOf(parameter);
        } else {
          throw error(
              call.position(),
              "'" + parameter.name() + "' is missing: it is " + indicator.signature());
        }
        result.put(parameter.name(), value);
      }
      return result;
    }

    private Node defaultOf(Parameter parameter) {
      return parameter.kind() == Parameter.Kind.SERIES
          ? compile(parameter.series(), context)
          : new ConstantNode(parameter.number());
    }

    private void check(Parameter parameter, Node value, Indicator indicator, int position) {
      if (parameter.kind() == Parameter.Kind.SERIES) {
        return;
      }
      String what = "'" + parameter.name() + "' of " + indicator.signature();
      if (!(value instanceof ConstantNode constant)) {
        throw error(position, what + " must be a number, not a series");
      }
      double number = constant.value();
      if (parameter.kind() == Parameter.Kind.INTEGER && number != Math.rint(number)) {
        throw error(position, what + " must be a whole number, not " + number);
      }
      if (!(number >= parameter.least() && number <= parameter.most())) {
        throw error(
            position,
            what
                + " must lie between "
                + (long) parameter.least()
                + " and "
                + (long) parameter.most());
      }
    }

    private Node output(
        Indicator indicator, Output output, Map<String, Node> values, int position) {
      return switch (output.source()) {
        case Output.Formula formula -> {
          try {
            yield new Scope(formula.text(), context, indicator, values).node(formula.parsed());
          } catch (ExpressionException e) {
            throw error(position, "in '" + indicator.name() + "': " + e.problem());
          }
        }
        case Output.Primitive primitive -> {
          List<Node> series = new ArrayList<>();
          List<Double> numbers = new ArrayList<>();
          for (Parameter parameter : indicator.parameters()) {
            Node value = values.get(parameter.name());
            if (parameter.kind() == Parameter.Kind.SERIES) {
              series.add(value);
            } else {
              numbers.add(((ConstantNode) value).value());
            }
          }
          double[] array = numbers.stream().mapToDouble(Double::doubleValue).toArray();
          yield context.node(
              indicator.name() + "." + output.name(),
              series,
              array,
              () -> primitive.factory().create(context, series, array));
        }
      };
    }

    private ExpressionException error(int position, String problem) {
      return new ExpressionException(text, position, problem);
    }
  }
}
