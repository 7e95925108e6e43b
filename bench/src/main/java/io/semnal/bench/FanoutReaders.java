package io.semnal.bench;

import io.semnal.protocol.session.ClientKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.Histogram;

/**
 * All clients of the fan-out benchmark, on one thread of a process of its own: told by lines what
 * to do, answers each with a line. Times are {@link System#nanoTime}, which processes of one
 * machine share.
 */
final class FanoutReaders {
  private static final int CONNECTING = 128;
  private static final long PATIENCE = 60_000_000_000L;
  private static final int NARROW = 4096;

  private final Selector selector = Selector.open();
  private final ByteBuffer shared = ByteBuffer.allocateDirect(1 << 18);
  private final Map<String, List<FanoutClient>> groups = new HashMap<>();
  private final Queue<String> commands = new ConcurrentLinkedQueue<>();
  private final ClientKey key;
  private Slice slice;
  private long now;

  /** What is measured of one slice. */
  private static final class Slice {
    final int messages;
    final int clients;
    final long from;
    final long period;
    final int burst;
    final long[] first;
    final long[] last;
    final Histogram latencies = new Histogram(60_000_000_000L, 3);
    int whole;

    Slice(int messages, int clients, long from, long period, int burst) {
      this.messages = messages;
      this.clients = clients;
      this.from = from;
      this.period = period;
      this.burst = burst;
      first = new long[messages];
      last = new long[messages];
    }

    void received(FanoutClient client, int count, long now) {
      int to = Math.min(messages, client.received);
      for (int i = client.received - count; i < to; i++) {
        first[i] = first[i] == 0 ? now : first[i];
        last[i] = now;
        latencies.recordValue(Math.max(0, now - from - i / burst * period));
      }
      whole += to == messages && count > 0 ? 1 : 0;
    }

    String result(long bytes) {
      long[] spread = new long[messages];
      long end = 0;
      for (int i = 0; i < messages; i++) {
        spread[i] = last[i] - first[i];
        end = Math.max(end, last[i]);
      }
      Arrays.sort(spread);
      return String.join(
          " ",
          "done",
          Long.toString(end),
          Long.toString(spread[messages / 2]),
          Long.toString(spread[(int) Math.ceil(messages * 0.99) - 1]),
          Long.toString(latencies.getValueAtPercentile(50)),
          Long.toString(latencies.getValueAtPercentile(99)),
          Long.toString(bytes),
          Integer.toString(whole));
    }
  }

  private FanoutReaders(ClientKey key) throws IOException {
    this.key = key;
  }

  /**
   * @param args the clients' key file
   */
  public static void main(String[] args) throws IOException {
    FanoutReaders readers = new FanoutReaders(ClientKey.read(Path.of(args[0])));
    Thread input = new Thread(readers::readCommands, "commands");
    input.setDaemon(true);
    input.start();
    readers.run();
  }

  private void readCommands() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        commands.add(line);
        selector.wakeup();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    commands.add("end");
    selector.wakeup();
  }

  private void run() throws IOException {
    while (true) {
      turn(100);
      String command = commands.poll();
      if (command != null) {
        String[] words = command.split(" ");
        switch (words[0]) {
          case "open" -> open(words);
          case "slice" -> slice(words);
          case "hold" -> hold(words);
          case "close" -> close(words);
          default -> {
            return;
          }
        }
      }
    }
  }

  /** Reads whatever has come. */
  private void turn(long millis) throws IOException {
    selector.select(this::onReady, millis);
  }

  private void onReady(SelectionKey selected) {
    FanoutClient client = (FanoutClient) selected.attachment();
    try {
      if (selected.isConnectable()) {
        client.socket.finishConnect();
        selected.interestOps(SelectionKey.OP_READ);
        client.begin();
        return;
      }
      int count = client.onReadable(shared);
      if (count > 0 && slice != null) {
        now = System.nanoTime();
        slice.received(client, count, now);
      }
    } catch (IOException e) {
      client.gone = true;
      selected.cancel();
      System.err.println("a client is gone: " + e.getMessage());
    }
  }

  /** {@code open NAME PORT COUNT MODE STALLED}: the first STALLED of them stop reading. */
  private void open(String[] words) throws IOException {
    int count = Integer.parseInt(words[3]);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[2]));
    List<FanoutClient> clients = new ArrayList<>(count);
    int stalled = Integer.parseInt(words[5]);
    long begin = System.nanoTime();
    int done = 0;
    while (done < count && System.nanoTime() - begin < PATIENCE) {
      while (clients.size() < count && clients.size() - done < CONNECTING) {
        clients.add(
            connect(address, FanoutClient.Mode.valueOf(words[4]), clients.size() < stalled));
      }
      turn(10);
      while (done < clients.size() && (clients.get(done).open || clients.get(done).gone)) {
        done++;
      }
    }
    long nanos = System.nanoTime() - begin;
    for (FanoutClient client : clients) {
      if (client.stalls) {
        client.selection.interestOps(0);
      }
    }
    groups.put(words[1], clients);
    System.out.println("opened " + clients.stream().filter(c -> c.open).count() + " " + nanos);
  }

  private FanoutClient connect(InetSocketAddress address, FanoutClient.Mode mode, boolean stalls)
      throws IOException {
    SocketChannel socket = SocketChannel.open();
    socket.configureBlocking(false);
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (stalls) {
      socket.setOption(StandardSocketOptions.SO_RCVBUF, NARROW);
    }
    FanoutClient client = new FanoutClient(socket, mode, key, stalls);
    boolean connected = socket.connect(address);
    client.selection =
        socket.register(
            selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, client);
    if (connected) {
      client.begin();
    }
    return client;
  }

  /** {@code slice NAME MESSAGES FROM PERIOD BURST}: says ready, then what it measured. */
  private void slice(String[] words) throws IOException {
    List<FanoutClient> clients =
        groups.get(words[1]).stream().filter(c -> !c.stalls && !c.gone).toList();
    Slice measured =
        new Slice(
            Integer.parseInt(words[2]),
            clients.size(),
            Long.parseLong(words[3]),
            Long.parseLong(words[4]),
            Integer.parseInt(words[5]));
    for (FanoutClient client : clients) {
      client.received = 0;
      client.bytes = 0;
    }
    slice = measured;
    System.out.println("ready");
    long begin = System.nanoTime();
    while (measured.whole < measured.clients && System.nanoTime() - begin < PATIENCE) {
      turn(10);
    }
    slice = null;
    System.out.println(measured.result(clients.getFirst().bytes / measured.messages));
  }

  /** {@code hold NAME MILLIS}: lives on, answering pings. */
  private void hold(String[] words) throws IOException {
    List<FanoutClient> clients = groups.get(words[1]);
    long until = System.nanoTime() + Long.parseLong(words[2]) * 1_000_000L;
    while (System.nanoTime() - until < 0) {
      turn(10);
    }
    System.out.println("held " + clients.stream().filter(c -> c.open && !c.gone).count());
  }

  private void close(String[] words) throws IOException {
    for (FanoutClient client : groups.remove(words[1])) {
      client.socket.close();
    }
    selector.selectNow();
    System.out.println("closed");
  }
}
