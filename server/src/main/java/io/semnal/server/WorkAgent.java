package io.semnal.server;

import java.util.function.IntSupplier;
import org.agrona.concurrent.Agent;

/** A method that counts its work, as an agent. */
record WorkAgent(String roleName, IntSupplier work) implements Agent {
  @Override
  public int doWork() {
    return work.getAsInt();
  }
}
