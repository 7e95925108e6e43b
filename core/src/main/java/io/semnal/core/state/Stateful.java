package io.semnal.core.state;

/**
 * Something whose state can be written down and read back into an equal, freshly built object.
 *
 * <p>One method does both, so that what is written and what is read cannot drift apart: each field
 * is handed to the visitor and takes what the visitor gives back.
 *
 * <pre>{@code
 * public void state(StateVisitor s) {
 *   count = s.of(count);
 *   s.of(values);
 * }
 * }</pre>
 *
 * What follows from the configuration (sizes, parameters, wiring) is not state: it is there when
 * the object has been built. Cold path; called by the thread that owns the object.
 */
@FunctionalInterface
public interface Stateful {
  /**
   * Visits every field that later results depend on, always in the same order.
   *
   * @throws StateMismatchException while reading, where what was written is of something else
   */
  void state(StateVisitor s);
}
