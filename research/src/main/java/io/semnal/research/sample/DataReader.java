package io.semnal.research.sample;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Alignment;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.feed.file.BarFile;
import io.semnal.feed.file.BarFileOptions;
import io.semnal.feed.file.OnError;
import io.semnal.feed.file.TickFileOptions;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.Mark;
import io.semnal.journal.QueueReader;
import io.semnal.research.matrix.BarMatrixSource;
import io.semnal.research.matrix.JournalMatrixSource;
import io.semnal.research.matrix.MatrixSource;
import io.semnal.research.matrix.MatrixSpec;
import io.semnal.research.matrix.TickMatrixSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Reads what was asked for, whatever it is, into labelled rows. */
public final class DataReader {
  private final SemnalConfig config;
  private final FeatureSetConfig set;
  private final LabelRule rule;
  private final LongConsumer progress;
  private final Consumer<String> remarks;

  /**
   * @param progress told how much was read, now and then
   * @param remarks told what should be known about the data: what was left out, and why
   */
  public DataReader(
      SemnalConfig config,
      FeatureSetConfig set,
      LabelRule rule,
      LongConsumer progress,
      Consumer<String> remarks) {
    this.config = config;
    this.set = set;
    this.rule = rule;
    this.progress = progress;
    this.remarks = remarks;
  }

  /**
   * @throws IOException naming file and line of what cannot be read
   * @throws IllegalArgumentException where the columns do not fit the data
   */
  public Samples read(DataRequest request) throws IOException {
    List<Instrument> instruments =
        request.instrument() == null
            ? config.engine().instruments()
            : List.of(request.instrument());
    if (request.isJournal()) {
      JournalDirectory journal = JournalDirectory.openReadOnly(request.files().getFirst());
      return read(
          request,
          new JournalMatrixSource(journal, request.instrument() == null),
          instruments,
          shortest());
    }
    if (request.ticks() != null) {
      return read(request, ticks(request, instruments), instruments, shortest());
    }
    BarMatrixSource bars = bars(request, instruments);
    return read(request, bars, instruments, bars.timeframe());
  }

  private Timeframe shortest() {
    return config.engine().timeframes().getFirst();
  }

  private Samples read(
      DataRequest request, MatrixSource opened, List<Instrument> instruments, Timeframe base)
      throws IOException {
    try (MatrixSource source = opened) {
      EngineConfig all = config.engine();
      EngineConfig engine = MatrixSpec.engine(all, instruments, set, base, all.timeframes());
      SampleCollector rows = new SampleCollector(engine, set, rule, request.from(), request.to());
      source.feed(rows, progress);
      source.remarks().forEach(remarks);
      return rows.samples();
    }
  }

  private BarMatrixSource bars(DataRequest request, List<Instrument> instruments)
      throws IOException {
    String symbol = request.instrument() == null ? null : request.instrument().symbol();
    List<BarFile> files =
        request.files().stream()
            .map(file -> symbol == null ? BarFile.of(file) : BarFile.of(file, symbol))
            .toList();
    return BarMatrixSource.open(
        files,
        new BarFileOptions(
            instruments,
            request.timeframe(),
            Alignment.parse(config.engine().alignment()),
            request.zone() == null ? ZoneOffset.UTC : request.zone(),
            OnError.STOP));
  }

  private TickMatrixSource ticks(DataRequest request, List<Instrument> instruments)
      throws IOException {
    TickMatrixSource.Builder files = new TickMatrixSource.Builder();
    String symbol = request.instrument() == null ? null : request.instrument().symbol();
    request.files().forEach(file -> files.add(file, symbol));
    return files.open(
        request.ticks(),
        new TickFileOptions(null, instruments, request.zone(), null, -1, null, OnError.STOP),
        config.runtime().feed());
  }

  /** SHA-256 of each file by its name; of a journal, what its inbound queue holds. */
  public static SortedMap<String, String> hashes(DataRequest request) throws IOException {
    SortedMap<String, String> hashes = new TreeMap<>();
    if (request.isJournal()) {
      try (JournalDirectory journal = JournalDirectory.openReadOnly(request.files().getFirst())) {
        hashes.put("journal", describe(journal));
      }
      return hashes;
    }
    for (Path file : request.files()) {
      hashes.put(file.getFileName().toString(), sha256(file));
    }
    return hashes;
  }

  /** How far a journal has come. */
  private static String describe(JournalDirectory journal) {
    try (QueueReader inbound = journal.inboundReader()) {
      Mark head = inbound.head();
      return "inbound messages up to " + head.sequence() + ", time " + head.time();
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
