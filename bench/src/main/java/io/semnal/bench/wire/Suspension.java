package io.semnal.bench.wire;

import io.semnal.bench.Machine;
import java.io.IOException;

/**
 * A process that is made to stand still while another is measured: it must not take processor time
 * from it, and the account says that it did not.
 */
final class Suspension implements AutoCloseable {
  private static final long PATIENCE = 60_000_000_000L;
  private final long pid;
  private final double before;
  private boolean resumed;

  private Suspension(long pid) throws IOException {
    this.pid = pid;
    signal("STOP");
    awaitStop();
    before = Machine.processorSeconds(pid);
  }

  static Suspension of(long pid) throws IOException {
    return new Suspension(pid);
  }

  /**
   * Lets it go on.
   *
   * @return processor seconds that it used while it was suspended: 0, or something is wrong
   */
  double resume() throws IOException {
    double used = Machine.processorSeconds(pid) - before;
    resumed = true;
    signal("CONT");
    return used;
  }

  /** Each thread stops when it next comes out of the kernel, on a busy machine not at once. */
  private void awaitStop() throws IOException {
    long deadline = System.nanoTime() + PATIENCE;
    while (!Machine.isStopped(pid)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("process " + pid + " does not stop");
      }
      Thread.onSpinWait();
    }
  }

  private void signal(String name) throws IOException {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      if (code != 0) {
        throw new IOException("kill -" + name + " " + pid + " ended with code " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!resumed) {
      resume();
    }
  }
}
