package io.semnal.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.concurrent.Agent;

/**
 * Serves resuming clients from the journal, on a cold thread: each client a little in turn, at its
 * own pace. Any thread submits; one thread runs {@link #doWork}.
 */
public final class Replayer implements Agent {
  private final ConcurrentLinkedQueue<Replay> submitted = new ConcurrentLinkedQueue<>();
  private final List<Replay> active = new ArrayList<>();
  private final Runnable wakeup;

  /**
   * @param wakeup ends the idling of the thread that runs this agent; any thread calls it
   */
  public Replayer(Runnable wakeup) {
    this.wakeup = wakeup;
  }

  void submit(Replay replay) {
    submitted.add(replay);
    wakeup.run();
  }

  @Override
  public int doWork() {
    int work = 0;
    for (Replay replay = submitted.poll(); replay != null; replay = submitted.poll()) {
      active.add(replay);
      work++;
    }
    if (active.isEmpty()) {
      return work;
    }
    long now = System.nanoTime();
    for (int i = active.size() - 1; i >= 0; i--) {
      int read = active.get(i).advance(now);
      if (read < 0) {
        active.remove(i);
        work++;
      } else {
        work += read;
      }
    }
    return work;
  }

  /** Lets go of every journal cursor. */
  @Override
  public void onClose() {
    submitted.forEach(Replay::cancel);
    active.addAll(submitted);
    active.forEach(Replay::cancel);
    active.forEach(r -> r.advance(0));
    active.clear();
  }

  @Override
  public String roleName() {
    return "replayer";
  }
}
