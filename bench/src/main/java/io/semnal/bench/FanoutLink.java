package io.semnal.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The process of the {@link FanoutReaders}: what is asked of it, and what it says. */
public final class FanoutLink implements AutoCloseable {
  private static final long LEAD = 50_000_000L;
  private final ChildProcess process;

  /**
   * @param seconds from the first publication to the last arrival
   * @param spread nanoseconds from the first client to the last, of each message
   * @param latency nanoseconds from the planned publication to each client
   * @param frame bytes of one frame
   * @param cost of the publishing thread
   */
  record Result(
      double seconds,
      long spread50,
      long spread99,
      long latency50,
      long latency99,
      int frame,
      int whole,
      FanoutLoop.Cost cost) {}

  /** Connections that stand, and what it took. */
  public record Opened(int count, double seconds) {}

  public FanoutLink(Path keyFile) throws IOException {
    process =
        ChildProcess.start("256m", FanoutReaders.class.getName(), List.of(keyFile.toString()));
  }

  public Opened open(String group, int port, int count, FanoutClient.Mode mode, int stalled)
      throws IOException {
    process.tell("open " + group + " " + port + " " + count + " " + mode + " " + stalled);
    String[] words = process.awaitLine(line -> line.startsWith("opened ")).split(" ");
    Opened opened = new Opened(Integer.parseInt(words[1]), Long.parseLong(words[2]) / 1e9);
    if (opened.count != count) {
      throw new IOException(opened.count + " of " + count + " connections of " + group + " stand");
    }
    return opened;
  }

  /**
   * One slice.
   *
   * @param period nanoseconds from burst to burst; 0 = as fast as the loop turns
   */
  Result slice(String group, FanoutLoop loop, int messages, int burst, long period)
      throws IOException, InterruptedException {
    long from = System.nanoTime() + LEAD;
    process.tell("slice " + group + " " + messages + " " + from + " " + period + " " + burst);
    process.awaitLine(line -> line.equals("ready"));
    CompletableFuture<FanoutLoop.Cost> cost = loop.publish(messages, burst, from, period);
    String[] words = process.awaitLine(line -> line.startsWith("done ")).split(" ");
    try {
      return new Result(
          (Long.parseLong(words[1]) - from) / 1e9,
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]),
          Long.parseLong(words[5]),
          Integer.parseInt(words[6]),
          Integer.parseInt(words[7]),
          cost.get());
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  /** Lets a group live on; the number of those that still stand then. */
  public int hold(String group, long millis) throws IOException {
    process.tell("hold " + group + " " + millis);
    return Integer.parseInt(
        process.awaitLine(line -> line.startsWith("held ")).substring("held ".length()));
  }

  public void close(String group) throws IOException {
    process.tell("close " + group);
    process.awaitLine(line -> line.equals("closed"));
  }

  /** The clients' process. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }
}
