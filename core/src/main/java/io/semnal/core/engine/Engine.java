package io.semnal.core.engine;

import io.semnal.core.state.StateVisitor;
import org.agrona.DirectBuffer;

/**
 * A deterministic function from inbound messages to outbound ones: no clock, no randomness, no
 * thread, no I/O. Called by one thread at a time. What it has to say goes to the {@link
 * OutboundSink} it was built with.
 *
 * <p>Order of calls: any number of {@link #onEarlierOutbound}, then any number of {@link
 * #onWarmUp}, then {@link #onMessage} from the run's {@code RunHeader} on.
 */
public interface Engine {
  /**
   * One outbound message of an earlier run: sequences, ids and open signals continue from it.
   *
   * @param offset of the SBE message header
   */
  void onEarlierOutbound(DirectBuffer buffer, int offset, int length);

  /** One inbound message of an earlier run: takes part in bars and features, says nothing. */
  void onWarmUp(DirectBuffer buffer, int offset, int length);

  /**
   * A replay is about to pass a {@code ModelActivation} that names this model: the engine fetches
   * it, as the live one was given it before that message. Cold path.
   *
   * @throws RuntimeException where the model cannot be had
   */
  default void prepare(ModelPin model) {}

  /** One inbound message of this run. Allocates nothing in normal operation. */
  void onMessage(DirectBuffer buffer, int offset, int length);

  /**
   * Everything that later outbound messages depend on: taken between two messages, and put back
   * into a new engine of the same configuration and models instead of the calls that led to it.
   */
  default void state(StateVisitor s) {
    throw new UnsupportedOperationException(getClass().getSimpleName() + " keeps no state");
  }

  /**
   * The most outbound messages that one inbound message other than a definition or header can
   * cause.
   */
  int maxOutboundPerMessage();

  /** The longest outbound message in bytes, header included. */
  int maxOutboundLength();
}
