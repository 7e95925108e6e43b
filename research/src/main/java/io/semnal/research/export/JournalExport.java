package io.semnal.research.export;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.Quarantine;
import io.semnal.journal.QueueReader;
import io.semnal.journal.RunHeaders;
import io.semnal.journal.RunInfo;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;

/**
 * Writes what a journal holds of one kind as a table, in one pass and bounded memory, sorted by
 * {@code available_at}: engine time never goes back along a queue. The journal is only read; a
 * server may be writing to it meanwhile.
 *
 * <p>Ids get their meaning anywhere in a journal before their use. A snapshot of the journal knows
 * them all, so that reading begins where the range of time does; in a journal without one, what
 * lies before is passed through as well, but looked at by its template only. Challengers' ids stand
 * in no snapshot: their queue is always passed through.
 */
public final class JournalExport {
  /** Messages between two calls of a progress. */
  private static final long EVERY = 1 << 17;

  private final JournalDirectory journal;
  private final ExportRequest request;
  private final LongConsumer progress;
  private final Quarantine quarantine;
  private final Definitions definitions = new Definitions();
  private final Definitions challengers = new Definitions();
  private final List<RunInfo> runs = new ArrayList<>();
  private ExportRows rows;
  private boolean stopped;
  private long messages;

  /**
   * What was written.
   *
   * @param messages of the journal that were passed through
   */
  public record Result(long rows, long bytes, long messages) {}

  private JournalExport(JournalDirectory journal, ExportRequest request, LongConsumer progress) {
    this.journal = journal;
    this.request = request;
    this.progress = progress;
    quarantine = Quarantine.of(journal);
  }

  /** The columns of a kind. */
  public static List<TableColumn> columns(ExportKind kind, boolean decimal) {
    return switch (kind) {
      case QUOTES -> QuoteRows.columns(decimal);
      case BARS -> BarRows.columns(decimal);
      case SCORES -> ScoreRows.columns(decimal, false);
      case SIGNALS -> SignalRows.columns(decimal);
      case EVENTS -> EventRows.columns(decimal);
      case SHADOW -> ScoreRows.columns(decimal, true);
    };
  }

  /**
   * Exports a journal.
   *
   * @param journal opened for reading
   * @param build that exports, for the metadata
   * @param progress told the messages passed through, now and then
   */
  public static Result write(
      JournalDirectory journal,
      ExportRequest request,
      TableFormat format,
      Path out,
      String build,
      LongConsumer progress)
      throws IOException {
    return write(journal, request, format, Compression.ZSTD, out, build, progress);
  }

  /**
   * The same.
   *
   * @param compression of Parquet; a CSV is not compressed
   */
  public static Result write(
      JournalDirectory journal,
      ExportRequest request,
      TableFormat format,
      Compression compression,
      Path out,
      String build,
      LongConsumer progress)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    ExportMetadata.of(request, journal.path().toString(), build, metadata);
    JournalExport export = new JournalExport(journal, request, progress);
    try (TableWriter table =
        format.create(out, columns(request.kind(), request.decimal()), metadata, compression)) {
      export.rows = export.rows(table);
      export.read();
      export.rows.end();
      ExportMetadata.runs(export.runs, metadata);
      table.commit();
      return new Result(table.rows(), table.bytes(), export.messages);
    }
  }

  private ExportRows rows(TableWriter table) {
    return switch (request.kind()) {
      case QUOTES -> new QuoteRows(definitions, request, table);
      case BARS -> new BarRows(definitions, request, table);
      case SCORES -> new ScoreRows(definitions, definitions, request, table);
      case SIGNALS -> new SignalRows(definitions, request, table);
      case EVENTS -> new EventRows(definitions, request, table);
      case SHADOW -> new ScoreRows(definitions, challengers, request, table);
    };
  }

  private void read() {
    boolean known = isKnownBefore();
    if (request.kind() == ExportKind.QUOTES) {
      read(journal.inboundReader(), this::onInbound, known);
      return;
    }
    if (!known) {
      read(journal.inboundReader(), this::onHeader, false);
    }
    if (request.kind() == ExportKind.SHADOW) {
      if (!known) {
        read(journal.outboundReader(), this::onDefinition, false);
      }
      read(journal.shadowReader(), this::onShadow, false);
    } else {
      read(journal.outboundReader(), this::onOutbound, known);
    }
  }

  /**
   * Learns from a snapshot what ids stand for and which runs there were, if it tells everything.
   * Not of a journal with faults, which are found where they lie; nor where the run that the range
   * begins in is not among its runs, because the journal was pruned.
   */
  private boolean isKnownBefore() {
    JournalState state = JournalScan.scanFromSnapshot(journal, Progress.NONE);
    if (state == null || !state.faults().isEmpty()) {
      return false;
    }
    RunInfo first = state.runs().getFirst();
    if (first.headerSeq() > 1 && first.time() >= request.from()) {
      return false;
    }
    definitions.learn(state);
    if (request.kind() != ExportKind.QUOTES) {
      state.runs().stream().filter(run -> run.time() < request.to()).forEach(this::onRun);
    } else {
      // Those of the range itself are met on the way.
      state.runs().stream().filter(run -> run.time() < request.from()).forEach(this::onRun);
    }
    return true;
  }

  private void read(QueueReader queue, MessageHandler handler, boolean seeks) {
    stopped = false;
    try (queue) {
      if (seeks) {
        queue.seekToTime(request.from());
      }
      while (!stopped && queue.readNext(handler)) {
        if ((++messages & (EVERY - 1)) == 0) {
          progress.accept(messages);
        }
      }
    }
  }

  private void onInbound(DirectBuffer buffer, int offset, int length) {
    onHeader(buffer, offset, length);
    if (stopped) {
      return;
    }
    definitions.learn(buffer, offset);
    if (MessageLayout.inboundTime(buffer, offset) >= request.from()
        && !quarantine.contains(MessageLayout.journalSeq(buffer, offset))) {
      rows.onMessage(buffer, offset);
    }
  }

  /** Keeps the headers of the runs that the range of time touches. */
  private void onHeader(DirectBuffer buffer, int offset, int length) {
    long time = MessageLayout.inboundTime(buffer, offset);
    if (time >= request.to()) {
      stopped = true;
    } else if (MessageLayout.templateId(buffer, offset) == RunHeaderDecoder.TEMPLATE_ID) {
      onRun(RunHeaders.decode(buffer, offset));
    }
  }

  private void onRun(RunInfo run) {
    if (run.time() < request.from()) {
      runs.clear();
    }
    runs.add(run);
  }

  private void onDefinition(DirectBuffer buffer, int offset, int length) {
    definitions.learn(buffer, offset);
  }

  private void onOutbound(DirectBuffer buffer, int offset, int length) {
    definitions.learn(buffer, offset);
    onResult(buffer, offset);
  }

  private void onShadow(DirectBuffer buffer, int offset, int length) {
    challengers.learn(buffer, offset);
    onResult(buffer, offset);
  }

  private void onResult(DirectBuffer buffer, int offset) {
    long time = MessageLayout.outboundTime(buffer, offset);
    if (time >= request.to()) {
      rows.onLater(buffer, offset);
      stopped = rows.isComplete();
    } else if (time >= request.from()) {
      rows.onMessage(buffer, offset);
    }
  }
}
