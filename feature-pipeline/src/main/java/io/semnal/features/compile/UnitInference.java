package io.semnal.features.compile;

import io.semnal.features.expression.Expression;
import io.semnal.features.expression.ExpressionParser;
import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import io.semnal.features.indicator.Output;
import io.semnal.features.indicator.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells what a column is measured in, through the formulas of its indicators down to the bar: price
 * by price is a number, price times number a price. Cold.
 */
final class UnitInference {
  private final IndicatorCatalogue catalogue;

  UnitInference(IndicatorCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** Of a column that compiles; a name that is not known counts as a number. */
  PriceUnit of(String column) {
    return unit(ExpressionParser.parse(column), null, Map.of());
  }

  /**
   * @param owner whose formula this is; {@code null} for a column
   * @param bound the owner's parameters
   */
  private PriceUnit unit(Expression expression, Indicator owner, Map<String, PriceUnit> bound) {
    return switch (expression) {
      case Expression.Number n -> PriceUnit.constant(n.value());
      case Expression.Negate n -> PriceUnit.constant(-1).times(unit(n.operand(), owner, bound), 1);
      case Expression.Binary b -> {
        PriceUnit left = unit(b.left(), owner, bound);
        PriceUnit right = unit(b.right(), owner, bound);
        yield switch (b.operator()) {
          case ADD -> left.plus(right, 1);
          case SUBTRACT -> left.plus(right, -1);
          case MULTIPLY -> left.times(right, 1);
          case DIVIDE -> left.times(right, -1);
          default -> PriceUnit.NUMBER;
        };
      }
      case Expression.At at -> {
        PriceUnit operand = unit(at.operand(), owner, bound);
        yield at.instrument() == null ? operand : operand.of(at.instrument());
      }
      case Expression.Call call -> call(call, owner, bound);
    };
  }

  private PriceUnit call(Expression.Call call, Indicator owner, Map<String, PriceUnit> bound) {
    if (owner != null && call.arguments().isEmpty() && call.output() == null) {
      PriceUnit known = bound.get(call.name());
      if (known != null) {
        return known;
      }
      Output sibling = owner.output(call.name());
      if (sibling != null) {
        return output(owner, sibling, bound);
      }
    }
    Indicator indicator = catalogue.find(call.name());
    if (indicator == null) {
      return PriceUnit.NUMBER;
    }
    Output output =
        call.output() == null ? indicator.outputs().getFirst() : indicator.output(call.output());
    List<PriceUnit> arguments = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      arguments.add(unit(argument, owner, bound));
    }
    return output == null
        ? PriceUnit.NUMBER
        : output(indicator, output, bind(indicator, arguments));
  }

  /** As the compiler binds them: a first series may be left out before a number. */
  private Map<String, PriceUnit> bind(Indicator indicator, List<PriceUnit> arguments) {
    List<Parameter> parameters = indicator.parameters();
    boolean leftOut =
        !parameters.isEmpty()
            && parameters.getFirst().kind() == Parameter.Kind.SERIES
            && parameters.getFirst().hasDefault()
            && (arguments.isEmpty() || arguments.getFirst().isConstant());
    Map<String, PriceUnit> result = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      int given = leftOut ? i - 1 : i;
      result.put(
          parameter.name(),
          given >= 0 && given < arguments.size()
              ? arguments.get(given)
              : parameter.kind() == Parameter.Kind.SERIES && parameter.hasDefault()
                  ? of(parameter.series())
                  : PriceUnit.constant(parameter.number()));
    }
    return result;
  }

  private PriceUnit output(Indicator indicator, Output output, Map<String, PriceUnit> bound) {
    if (output.source() instanceof Output.Formula formula) {
      return unit(formula.parsed(), indicator, bound);
    }
    List<PriceUnit> series =
        indicator.parameters().stream()
            .filter(p -> p.kind() == Parameter.Kind.SERIES)
            .map(p -> bound.get(p.name()))
            .toList();
    return switch (indicator.name()) {
      case "abs", "floor", "lag", "sum", "min", "max", "std", "meanDeviation" -> series.getFirst();
      case "perSecond", "sessionSum", "runSum" -> series.getFirst();
      case "lesser", "greater" -> series.getFirst().or(series.getLast());
      case "ratio" -> series.get(0).times(series.get(1), -1).varying();
      case "valueWhen" -> series.getLast();
      case "beta" -> series.get(0).times(series.get(1), -1);
      case "sqrt" -> series.getFirst().squareRoot();
      case "log" -> series.getFirst().logarithm();
      case "exp" -> series.getFirst().exponential();
      default ->
          output.unit() != Output.Unit.PRICE
              ? PriceUnit.NUMBER
              : series.isEmpty() ? PriceUnit.PRICE : series.getFirst();
    };
  }
}
