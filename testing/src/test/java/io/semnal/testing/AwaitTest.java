package io.semnal.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
  @Test
  void returnsOnceAnotherThreadHasBroughtTheFactAbout() throws InterruptedException {
    CountDownLatch looked = new CountDownLatch(1);
    AtomicInteger value = new AtomicInteger();
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    looked.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  value.set(1);
                });
    Await.until(
        "the value",
        () -> {
          looked.countDown();
          return value.get() == 1;
        });
    other.join();
  }

  @Test
  void saysWhatDidNotCome() {
    AssertionError error =
        assertThrows(
            AssertionError.class, () -> Await.until(() -> "the tide", Duration.ZERO, () -> false));
    assertEquals("did not come within 0 s: the tide", error.getMessage());
  }

  @Test
  void endsWhenInterrupted() {
    Thread.currentThread().interrupt();
    AssertionError error =
        assertThrows(AssertionError.class, () -> Await.until("the tide", () -> false));
    assertEquals("interrupted while waiting: the tide", error.getMessage());
    assertFalse(Thread.interrupted());
  }

  @Test
  void throwsWhatLookingThrows() {
    assertThrows(
        IOException.class,
        () ->
            Await.until(
                "a file",
                () -> {
                  throw new IOException("gone");
                }));
  }
}
