package io.semnal.features.indicator;

import io.semnal.features.expression.ExpressionParser;
import io.semnal.features.indicator.Output.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An entry of the catalogue: a name, what it is told, and what it gives. The first output is the
 * default.
 */
public record Indicator(
    String name, String description, List<Parameter> parameters, List<Output> outputs) {
  public Indicator {
    parameters = List.copyOf(parameters);
    outputs = List.copyOf(outputs);
  }

  /** {@code null} if there is none of that name. */
  public Output output(String outputName) {
    for (Output output : outputs) {
      if (output.name().equals(outputName)) {
        return output;
      }
    }
    return null;
  }

  public List<String> outputNames() {
    return outputs.stream().map(Output::name).toList();
  }

  /** Whether a first argument that is no number may be left out. */
  boolean hasDefaultSeries() {
    return !parameters.isEmpty()
        && parameters.getFirst().kind() == Parameter.Kind.SERIES
        && parameters.getFirst().hasDefault();
  }

  /** {@code rsi(x = close, period = 14)}. */
  public String signature() {
    return parameters.isEmpty()
        ? name
        : parameters.stream()
            .map(Parameter::toString)
            .collect(Collectors.joining(", ", name + "(", ")"));
  }

  static Builder named(String name, String description) {
    return new Builder(name, description);
  }

  /** Writes entries down one by one. */
  static final class Builder {
    private final String name;
    private final String description;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private Unit unit = Unit.PURE;

    private Builder(String name, String description) {
      this.name = name;
      this.description = description;
    }

    Builder with(Parameter parameter) {
      parameters.add(parameter);
      return this;
    }

    /** A series, the close where none is given. */
    Builder x() {
      return with(Parameter.series("x", "close"));
    }

    Builder period(int byDefault) {
      return with(Parameter.integer("period", byDefault, 1));
    }

    /** The outputs that follow are prices or differences of prices. */
    Builder inPrice() {
      unit = Unit.PRICE;
      return this;
    }

    Builder pure() {
      unit = Unit.PURE;
      return this;
    }

    Builder output(String outputName, String formula) {
      outputs.add(
          new Output(
              outputName, new Output.Formula(formula, ExpressionParser.parse(formula)), unit));
      return this;
    }

    Builder output(String outputName, Output.NodeFactory factory) {
      outputs.add(new Output(outputName, new Output.Primitive(factory), unit));
      return this;
    }

    Indicator is(String formula) {
      return output("value", formula).done();
    }

    Indicator is(Output.NodeFactory factory) {
      return output("value", factory).done();
    }

    Indicator done() {
      return new Indicator(name, description, parameters, outputs);
    }
  }
}
