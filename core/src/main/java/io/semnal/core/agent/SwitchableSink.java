package io.semnal.core.agent;

import io.semnal.core.engine.OutboundSink;
import org.agrona.MutableDirectBuffer;

/**
 * Hands an engine from recovery, where its messages are compared, to live, where they are
 * published.
 */
public final class SwitchableSink implements OutboundSink {
  private OutboundSink target;

  public SwitchableSink(OutboundSink target) {
    this.target = target;
  }

  /** Between two messages only. */
  public void switchTo(OutboundSink next) {
    target = next;
  }

  @Override
  public MutableDirectBuffer claim(int maxLength) {
    return target.claim(maxLength);
  }

  @Override
  public int offset() {
    return target.offset();
  }

  @Override
  public void commit(int length) {
    target.commit(length);
  }
}
