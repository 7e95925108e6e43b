package io.semnal.research.export;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.journal.JournalDirectory;
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
 * <p>Ids get their meaning anywhere in a journal before their use. What lies before the range of
 * time is therefore passed through as well, but looked at by its template only.
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
    Map<String, String> metadata = new LinkedHashMap<>();
    ExportMetadata.of(request, journal.path().toString(), build, metadata);
    JournalExport export = new JournalExport(journal, request, progress);
    try (TableWriter table =
        format.create(out, columns(request.kind(), request.decimal()), metadata)) {
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
    if (request.kind() == ExportKind.QUOTES) {
      read(journal.inboundReader(), this::onInbound);
      return;
    }
    read(journal.inboundReader(), this::onHeader);
    if (request.kind() == ExportKind.SHADOW) {
      read(journal.outboundReader(), this::onDefinition);
      read(journal.shadowReader(), this::onShadow);
    } else {
      read(journal.outboundReader(), this::onOutbound);
    }
  }

  private void read(QueueReader queue, MessageHandler handler) {
    stopped = false;
    try (queue) {
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
      if (time < request.from()) {
        runs.clear();
      }
      runs.add(RunHeaders.decode(buffer, offset));
    }
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
