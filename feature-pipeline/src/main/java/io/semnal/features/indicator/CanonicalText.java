package io.semnal.features.indicator;

import io.semnal.features.expression.Expression;
import java.util.ArrayList;
import java.util.List;

/**
 * The one spelling of a column, all defaults written out: {@code rsi} and {@code rsi( 14 )} both
 * are {@code rsi(close,14)}. What a feature set's hash is taken over.
 */
public final class CanonicalText {
  private final IndicatorCatalogue catalogue;

  private CanonicalText(IndicatorCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  public static String of(Expression expression, IndicatorCatalogue catalogue) {
    return new CanonicalText(catalogue).text(expression);
  }

  private String text(Expression expression) {
    return switch (expression) {
      case Expression.Number n -> number(n.value());
      case Expression.Negate n -> "(-" + text(n.operand()) + ")";
      case Expression.Binary b ->
          "(" + text(b.left()) + " " + b.operator().symbol() + " " + text(b.right()) + ")";
      case Expression.At a ->
          text(a.operand())
              + (a.timeframe() == null ? "" : "@" + a.timeframe())
              + (a.instrument() == null ? "" : "#\"" + a.instrument() + "\"");
      case Expression.Call c -> call(c);
    };
  }

  private String call(Expression.Call call) {
    Indicator indicator = catalogue.find(call.name());
    if (indicator == null) {
      return call.name();
    }
    List<String> arguments = new ArrayList<>();
    if (indicator.hasDefaultSeries()
        && (call.arguments().isEmpty() || isConstant(call.arguments().getFirst()))) {
      arguments.add(indicator.parameters().getFirst().series());
    }
    for (Expression argument : call.arguments()) {
      arguments.add(text(argument));
    }
    for (int i = arguments.size(); i < indicator.parameters().size(); i++) {
      Parameter p = indicator.parameters().get(i);
      arguments.add(p.kind() == Parameter.Kind.SERIES ? p.series() : number(p.number()));
    }
    String output = call.output() == null ? indicator.outputs().getFirst().name() : call.output();
    return indicator.name()
        + (arguments.isEmpty() ? "" : "(" + String.join(",", arguments) + ")")
        + (indicator.outputs().size() == 1 ? "" : "." + output);
  }

  /** Whether the value is known without a bar: numbers and arithmetic over them. */
  static boolean isConstant(Expression expression) {
    return switch (expression) {
      case Expression.Number n -> true;
      case Expression.Negate n -> isConstant(n.operand());
      case Expression.Binary b -> isConstant(b.left()) && isConstant(b.right());
      case Expression.At a -> false;
      case Expression.Call c -> false;
    };
  }

  /** {@code 14} rather than {@code 14.0}. */
  public static String number(double value) {
    String text = Double.toString(value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
