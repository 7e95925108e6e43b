package io.semnal.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.RuntimeConfig.Threads.Idle;
import io.semnal.testing.Await;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgentThreadTest {
  private final LinkedBlockingQueue<Integer> work = new LinkedBlockingQueue<>();
  private final AtomicLong done = new AtomicLong();

  private final Agent worker =
      new Agent() {
        @Override
        public int doWork() {
          if (work.poll() == null) {
            return 0;
          }
          done.incrementAndGet();
          return 1;
        }

        @Override
        public String roleName() {
          return "worker";
        }
      };

  @ParameterizedTest
  @EnumSource(Idle.class)
  void doesAllWorkHoweverItIdles(Idle idle) throws Exception {
    try (AgentThread thread = thread(idle, null, worker)) {
      thread.start();
      for (int i = 0; i < 2_000; i++) {
        work.add(i);
        thread.wakeup();
        if (i % 500 == 0) {
          Thread.sleep(30);
        }
      }
      Await.until("all the work", () -> done.get() >= 2_000);
    }
    assertThat(work).isEmpty();
  }

  @Test
  void aWakeupEndsTheBlockerAndNoneIsLost() throws Exception {
    Semaphore wakeups = new Semaphore(0);
    AtomicBoolean overslept = new AtomicBoolean();
    AgentThread.Blocker blocker =
        new AgentThread.Blocker() {
          @Override
          public void block(long nanos) {
            try {
              // Without a wake-up this sleeps far longer than the agent thread asked for.
              overslept.compareAndSet(false, !wakeups.tryAcquire(60, TimeUnit.SECONDS));
              wakeups.drainPermits();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void wakeup() {
            wakeups.release();
          }
        };
    try (AgentThread thread = thread(Idle.BACKOFF, blocker, worker)) {
      thread.start();
      for (int i = 1; i <= 300; i++) {
        work.add(i);
        thread.wakeup();
        int all = i;
        Await.until("the work", () -> done.get() >= all);
      }
    }
    assertThat(overslept).isFalse();
  }

  @Test
  void tellsOnceWhenAnAgentThrewAndEnds() throws Exception {
    AtomicReference<String> told = new AtomicReference<>();
    CountDownLatch latch = new CountDownLatch(1);
    AtomicLong cycles = new AtomicLong();
    Agent bad =
        new Agent() {
          @Override
          public int doWork() {
            if (cycles.incrementAndGet() == 3) {
              throw new IllegalStateException("bad luck");
            }
            return 0;
          }

          @Override
          public String roleName() {
            return "bad";
          }
        };
    AgentThread thread =
        new AgentThread(
            "test",
            List.of(bad, worker),
            Idle.YIELD,
            AgentThread.SPINS,
            null,
            task -> Thread.ofPlatform().daemon().unstarted(task),
            (agent, cause) -> {
              told.set(agent.roleName() + ": " + cause.getMessage());
              latch.countDown();
            });
    thread.start();
    assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    thread.thread().join();
    assertThat(told.get()).isEqualTo("bad: bad luck");
    assertThat(cycles).hasValue(3);
  }

  private static AgentThread thread(Idle idle, AgentThread.Blocker blocker, Agent agent) {
    return new AgentThread(
        "test",
        List.of(agent),
        idle,
        AgentThread.SPINS,
        blocker,
        task -> Thread.ofPlatform().daemon().unstarted(task),
        (a, cause) -> {
          throw new AssertionError(cause);
        });
  }
}
