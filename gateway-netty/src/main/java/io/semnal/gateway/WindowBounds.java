package io.semnal.gateway;

import java.util.concurrent.atomic.AtomicLong;

/** The ends of a loop's {@link OutboundWindow}, as the replay thread may see them. */
final class WindowBounds {
  private final AtomicLong oldest = new AtomicLong(1);
  private final AtomicLong head = new AtomicLong();

  /** Loop thread. */
  void publish(OutboundWindow window) {
    oldest.setRelease(window.oldest());
    head.setRelease(window.head());
  }

  long oldest() {
    return oldest.getAcquire();
  }

  long head() {
    return head.getAcquire();
  }
}
