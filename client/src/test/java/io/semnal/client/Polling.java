package io.semnal.client;

import io.semnal.testing.Await;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A client's own loop, until something has come. */
final class Polling {
  private static final int STEP_MILLIS = 20;

  private Polling() {}

  static void until(SemnalClient client, Supplier<String> what, BooleanSupplier done)
      throws IOException {
    Await.Deadline deadline = new Await.Deadline(what, Await.PATIENCE);
    while (!done.getAsBoolean()) {
      deadline.check();
      if (client.poll() == 0) {
        client.await(STEP_MILLIS);
      }
    }
  }
}
