package io.semnal.research.sample;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Alignment;
import io.semnal.core.market.Instrument;
import io.semnal.feed.file.BarFile;
import io.semnal.feed.file.BarFileOptions;
import io.semnal.feed.file.BarFileSource;
import io.semnal.feed.file.OnError;
import io.semnal.feed.file.TickFileOptions;
import io.semnal.feed.file.TickFileSource;
import io.semnal.feed.file.TickFiles;
import io.semnal.journal.JournalDirectory;
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
import java.util.function.LongConsumer;

/** Reads what was asked for, whatever it is, into labelled rows. */
public final class DataReader {
  private final SemnalConfig config;
  private final FeatureSetConfig set;
  private final LabelRule rule;
  private final LongConsumer progress;

  /**
   * @param progress told how much was read, now and then
   */
  public DataReader(
      SemnalConfig config, FeatureSetConfig set, LabelRule rule, LongConsumer progress) {
    this.config = config;
    this.set = set;
    this.rule = rule;
    this.progress = progress;
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
    EngineConfig engine = Gathering.only(config.engine(), instruments, set);
    if (request.isJournal()) {
      try (JournalDirectory journal = JournalDirectory.openReadOnly(request.files().getFirst())) {
        return new JournalGathering(journal, engine, set, rule, progress).read();
      }
    }
    return request.ticks() == null ? bars(request, engine) : ticks(request, engine);
  }

  private Samples bars(DataRequest request, EngineConfig engine) throws IOException {
    String symbol = request.instrument() == null ? null : request.instrument().symbol();
    List<BarFile> files =
        request.files().stream()
            .map(file -> symbol == null ? BarFile.of(file) : BarFile.of(file, symbol))
            .toList();
    BarFileOptions options =
        new BarFileOptions(
            engine.instruments(),
            request.timeframe(),
            Alignment.parse(engine.alignment()),
            request.zone() == null ? ZoneOffset.UTC : request.zone(),
            OnError.STOP);
    try (BarFileSource source = BarFileSource.open(files, options)) {
      EngineConfig over = Gathering.over(engine, source.timeframe(), set);
      return new Gathering(over, set, rule, progress).bars(source);
    }
  }

  private Samples ticks(DataRequest request, EngineConfig engine) throws IOException {
    TickFileOptions options =
        new TickFileOptions(
            request.instrument(),
            engine.instruments(),
            request.zone(),
            null,
            -1,
            null,
            OnError.STOP);
    int only = request.instrument() == null ? -1 : 0;
    try (TickFileSource source = TickFiles.open(request.ticks(), request.files(), options)) {
      return new Gathering(engine, set, rule, progress)
          .ticks(source, only, config.runtime().feed());
    }
  }

  /** SHA-256 of each file by its name; of a journal, what its inbound queue holds. */
  public static SortedMap<String, String> hashes(DataRequest request) throws IOException {
    SortedMap<String, String> hashes = new TreeMap<>();
    if (request.isJournal()) {
      try (JournalDirectory journal = JournalDirectory.openReadOnly(request.files().getFirst())) {
        hashes.put("journal", JournalGathering.describe(journal));
      }
      return hashes;
    }
    for (Path file : request.files()) {
      hashes.put(file.getFileName().toString(), sha256(file));
    }
    return hashes;
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
