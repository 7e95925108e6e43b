package io.semnal.inference.compiled;

/** How one operator of the format becomes steps. */
@FunctionalInterface
interface Operator {
  /**
   * @throws UnsupportedModelException where this use of it is not covered
   */
  void compile(Call call);
}
