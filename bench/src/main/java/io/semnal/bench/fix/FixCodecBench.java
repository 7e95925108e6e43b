package io.semnal.bench.fix;

import com.sun.management.ThreadMXBean;
import io.semnal.bench.Figure;
import io.semnal.bench.Report;
import io.semnal.bench.Statistics;
import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * A typical snapshot (W) and increment (X), tokenized and read by Semnal, Philadelphia and
 * QuickFIX/J in alternating slices of one run: other work on the machine slows all three alike.
 */
public final class FixCodecBench {
  private static final int MESSAGES = 256;
  private static final int BATCH = 1000;
  private static final long SLICE_NANOS = 100_000_000;
  private static final long WARM_UP_NANOS = 1_500_000_000;
  private static final double QUICKFIX_TARGET = 10;
  private static final double PHILADELPHIA_TARGET = 1;
  private static final long NOW = 1_790_000_000_123_456_789L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Report report;
  private final int rounds;
  private long sink;

  public FixCodecBench(Report report, int rounds) {
    this.report = report;
    this.rounds = rounds;
  }

  public void run() {
    measure("W", messages(true));
    measure("X", messages(false));
  }

  private void measure(String type, byte[][] messages) {
    List<FixCodec> codecs =
        List.of(
            new SemnalCodec(messages),
            new PhiladelphiaCodec(messages),
            new QuickFixCodec(messages));
    codecs.forEach(codec -> slice(codec, WARM_UP_NANOS));
    double[][] rates = new double[codecs.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < rates.length; i++) {
        rates[i][round] = slice(codecs.get(i), SLICE_NANOS);
      }
    }
    String name = "read " + type + " of " + messages[0].length + " bytes";
    add(name, rates[0], "QuickFIX/J", rates[2], QUICKFIX_TARGET);
    add(name, rates[0], "Philadelphia", rates[1], PHILADELPHIA_TARGET);
    report.add(
        Figure.atMost(0, name + ", allocation", bytes(codecs.get(0)), "B/op", Double.NaN, ""));
  }

  private void add(String name, double[] ours, String peer, double[] theirs, double target) {
    double[] ratios = new double[rounds];
    Arrays.setAll(ratios, i -> ours[i] / theirs[i]);
    report.add(
        Figure.ratioAtLeast(
            target,
            name,
            ours,
            "messages/s",
            peer,
            theirs,
            "ratios " + Statistics.range(ratios) + " rounds"));
  }

  /** Messages in a second of this thread's own time. */
  private double slice(FixCodec codec, long nanos) {
    long started = THREADS.getCurrentThreadCpuTime();
    long read = 0;
    long now = started;
    while (now - started < nanos) {
      for (int i = 0; i < BATCH; i++) {
        sink += codec.read((int) (read++ & MESSAGES - 1));
      }
      now = THREADS.getCurrentThreadCpuTime();
    }
    return read * 1e9 / (now - started);
  }

  private double bytes(FixCodec codec) {
    int reads = 100 * BATCH;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < reads; i++) {
      sink += codec.read(i & MESSAGES - 1);
    }
    // What asking for the count itself allocates is some hundred bytes in all.
    return Math.floor((double) (THREADS.getCurrentThreadAllocatedBytes() - before) / reads);
  }

  private static byte[][] messages(boolean snapshot) {
    byte[][] messages = new byte[MESSAGES][];
    FixEncoder out = new FixEncoder(FixVersion.FIX44, 4096);
    for (int i = 0; i < MESSAGES; i++) {
      out.begin(snapshot ? MsgType.MARKET_DATA_SNAPSHOT : MsgType.MARKET_DATA_INCREMENTAL);
      out.integer(Tag.MSG_SEQ_NUM, 10_000 + i).text(Tag.SENDER_COMP_ID, "BROKER");
      out.timestamp(Tag.SENDING_TIME, NOW + i * 1_000_000L, 3);
      out.text(Tag.TARGET_COMP_ID, "SEMNAL").text(Tag.MD_REQ_ID, "1");
      if (snapshot) {
        out.text(Tag.SYMBOL, "EUR/USD");
      }
      out.integer(Tag.NO_MD_ENTRIES, 2);
      entry(out, snapshot, '0', 108_312_000L + i * 1_000);
      entry(out, snapshot, '1', 108_318_000L + i * 1_000);
      messages[i] = new byte[out.finish()];
      out.buffer().getBytes(out.offset(), messages[i]);
    }
    return messages;
  }

  private static void entry(FixEncoder out, boolean snapshot, char type, long price) {
    if (!snapshot) {
      out.character(Tag.MD_UPDATE_ACTION, '0');
    }
    out.character(Tag.MD_ENTRY_TYPE, type);
    if (!snapshot) {
      out.text(Tag.MD_ENTRY_ID, type == '0' ? "EURUSD-B1" : "EURUSD-A1");
      out.text(Tag.SYMBOL, "EUR/USD");
    }
    out.decimal(Tag.MD_ENTRY_PX, price, 5);
    out.integer(Tag.MD_ENTRY_SIZE, 1_000_000);
  }
}
