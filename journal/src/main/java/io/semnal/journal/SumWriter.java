package io.semnal.journal;

import io.semnal.core.ingress.MessageHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the checksums of one queue behind its writer. One thread at a time; allocates nothing but
 * where the queue goes on in another file.
 */
final class SumWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SumWriter.class);
  private static final int BUFFER = 4096;

  private final JournalQueue source;
  private final SumFile.Crc crc = new SumFile.Crc();
  private final MessageHandler handler = this::sum;
  private final ByteBuffer pending =
      ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private QueueReader reader;
  private Path path;
  private FileChannel channel;
  private int cycle = QueueReader.NOWHERE;
  private long record;
  private long written;
  private long summed;

  SumWriter(JournalQueue source) {
    this.source = source;
  }

  /**
   * Cuts off checksums of records that are not there: a power cut has taken the end from the queue,
   * and others will stand there. Before anything is appended.
   */
  void trim() {
    if (source.queue() == null) {
      return;
    }
    try (QueueSearch search = new QueueSearch(source, false)) {
      List<Integer> cycles = search.cycles();
      // The end may lie just before a file that has no message any more.
      for (int ofCycle : cycles.subList(Math.max(0, cycles.size() - 2), cycles.size())) {
        trim(QueueFiles.file(source, ofCycle), search.records(ofCycle));
      }
      for (Path sums : SumFile.list(source.folder())) {
        if (!Files.exists(SumFile.queueFile(sums))) {
          LOG.warn("{} belongs to a file that is lost, and is removed", sums);
          Files.delete(sums);
        }
      }
    } catch (IOException e) {
      throw new JournalException("cannot cut the checksums of " + source.folder() + ": " + e, e);
    }
  }

  private static void trim(Path queueFile, long records) throws IOException {
    Path sums = SumFile.beside(queueFile);
    if (!Files.exists(sums)) {
      return;
    }
    long entries = SumFile.entries(Files.size(sums));
    if (entries > records) {
      LOG.warn(
          "{} has checksums of {} record(s) that its queue lost; they are cut off",
          sums,
          entries - records);
      try (FileChannel file = FileChannel.open(sums, StandardOpenOption.WRITE)) {
        file.truncate(SumFile.position(records));
      }
    }
  }

  /**
   * Sums what came.
   *
   * @return messages summed, at most {@code most}
   */
  int advance(int most) {
    if (source.queue() == null || channel == null && !begin()) {
      return 0;
    }
    int done = 0;
    while (done < most && reader.readNext(handler)) {
      done++;
    }
    flush();
    return done;
  }

  /** Has the disk keep what was written. */
  void force() {
    if (channel != null) {
      try {
        channel.force(true);
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  /** Messages summed by this process. Any thread may look, roughly. */
  long summed() {
    return summed;
  }

  /** Goes to the oldest file that has records without a checksum, else to the newest. */
  private boolean begin() {
    if (reader == null) {
      reader = source.rawReader();
    }
    try (QueueSearch search = new QueueSearch(source, false)) {
      List<Integer> cycles = search.cycles();
      for (int ofCycle : cycles) {
        long records = search.records(ofCycle);
        if (ofCycle == cycles.getLast() ? records > 0 : whole(ofCycle) < records) {
          open(ofCycle);
          return stand(ofCycle);
        }
      }
      return false;
    }
  }

  /** Behind the last record that has a checksum. */
  private boolean stand(int ofCycle) {
    boolean found = reader.seekToRecord(ofCycle, Math.max(0, written - 1));
    if (found && written > 0) {
      reader.readNext((buffer, offset, length) -> {});
    }
    if (!found) {
      closeChannel();
    }
    return found;
  }

  private void open(int ofCycle) {
    closeChannel();
    path = SumFile.beside(QueueFiles.file(source, ofCycle));
    try {
      written = whole(ofCycle);
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (written == 0) {
        pending.clear().putLong(SumFile.MAGIC).putLong(ofCycle).flip();
        writeAt(0);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    cycle = ofCycle;
    record = written;
    pending.clear();
  }

  /** Entries up to the last one that is whole: a power cut may leave zeros behind it. */
  private long whole(int ofCycle) {
    Path sums = SumFile.beside(QueueFiles.file(source, ofCycle));
    try {
      return SumFile.wholeEntries(sums, ofCycle);
    } catch (IOException e) {
      throw new JournalException("cannot read the checksums " + sums + ": " + e, e);
    }
  }

  private void sum(DirectBuffer buffer, int offset, int length) {
    if (reader.cycle() != cycle) {
      flush();
      open(reader.cycle());
      record = 0;
    }
    // What has one keeps it: it is nearer to what was written than what stands there now.
    if (record >= written + pending.position() / SumFile.ENTRY) {
      pending.putLong(SumFile.entry(crc.of(buffer, offset, length), record, cycle));
      summed++;
    }
    record++;
    if (!pending.hasRemaining()) {
      flush();
    }
  }

  private void flush() {
    if (pending.position() == 0 || channel == null) {
      return;
    }
    int entries = pending.position() / SumFile.ENTRY;
    pending.flip();
    try {
      writeAt(SumFile.position(written));
    } catch (IOException e) {
      // What it did not take is summed again.
      closeChannel();
      throw failed(e);
    }
    written += entries;
    pending.clear();
  }

  private void writeAt(long position) throws IOException {
    long at = position;
    while (pending.hasRemaining()) {
      at += channel.write(pending, at);
    }
  }

  private JournalException failed(IOException e) {
    return new JournalException("cannot write the checksums " + path + ": " + e, e);
  }

  private void closeChannel() {
    pending.clear();
    if (channel != null) {
      FileChannel open = channel;
      channel = null;
      try {
        open.close();
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  @Override
  public void close() {
    closeChannel();
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
