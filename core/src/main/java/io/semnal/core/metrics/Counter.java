package io.semnal.core.metrics;

import java.util.concurrent.atomic.AtomicLong;

/** One named number: counts up, or is set. Any thread; allocates nothing. */
public final class Counter {
  private final String name;
  private final String help;
  private final boolean gauge;
  private final AtomicLong value = new AtomicLong();

  Counter(String name, String help, boolean gauge) {
    this.name = name;
    this.help = help;
    this.gauge = gauge;
  }

  /** Prometheus name without prefix, labels in braces at the end if any. */
  public String name() {
    return name;
  }

  public String help() {
    return help;
  }

  public boolean isGauge() {
    return gauge;
  }

  public void increment() {
    value.getAndIncrement();
  }

  public void add(long n) {
    value.getAndAdd(n);
  }

  /** For the one thread that owns this counter: no locked instruction. */
  public void incrementOwned() {
    value.lazySet(value.getPlain() + 1);
  }

  public void set(long n) {
    value.lazySet(n);
  }

  public long get() {
    return value.get();
  }
}
