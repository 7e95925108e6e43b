package io.semnal.research.export;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.util.List;
import org.agrona.DirectBuffer;

/** Quotes as rows: every one that the engine had, flagged ones too, at the time it had them. */
final class QuoteRows implements ExportRows {
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final ConflatedQuoteDecoder conflated = new ConflatedQuoteDecoder();
  private final FlagNames flags = new FlagNames();
  private final Definitions definitions;
  private final ExportRequest request;
  private final RowWriter row;

  QuoteRows(Definitions definitions, ExportRequest request, TableWriter table) {
    this.definitions = definitions;
    this.request = request;
    row = new RowWriter(table, request.decimal());
  }

  static List<TableColumn> columns(boolean decimal) {
    return new RowWriter.Columns(decimal)
        .of(TableColumn.Type.TIMESTAMP, "available_at", "event_time")
        .nullable(TableColumn.Type.TIMESTAMP, "receive_time")
        .of(TableColumn.Type.INT64, "journal_seq")
        .of(TableColumn.Type.TEXT, "instrument", "source")
        .of(TableColumn.Type.INT64, "source_seq")
        .price("bid", "ask")
        .nullableQuantity("bid_size", "ask_size")
        .of(TableColumn.Type.TEXT, "quality")
        .of(TableColumn.Type.INT64, "ticks")
        .nullablePrice("bid_high", "bid_low", "ask_high", "ask_low")
        .list();
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case QuoteDecoder.TEMPLATE_ID -> onQuote(quote.wrapAndApplyHeader(buffer, offset, header));
      case ConflatedQuoteDecoder.TEMPLATE_ID ->
          onConflated(conflated.wrapAndApplyHeader(buffer, offset, header));
      default -> {
        // No quote.
      }
    }
  }

  private void onQuote(QuoteDecoder q) {
    String symbol = definitions.instrument(q.instrumentId()).symbol();
    if (!request.wants(symbol)) {
      return;
    }
    row.number(q.time())
        .number(q.eventTime())
        .time(q.receiveTime())
        .number(q.journalSeq())
        .text(symbol)
        .text(definitions.source(q.sourceId()))
        .number(q.sourceSeq())
        .price(q.bid())
        .price(q.ask())
        .quantity(q.bidSize())
        .quantity(q.askSize())
        .text(flags.of(q.flags().getRaw(), q.flags()::appendTo))
        .number(1L)
        .none()
        .none()
        .none()
        .none()
        .end();
  }

  private void onConflated(ConflatedQuoteDecoder q) {
    String symbol = definitions.instrument(q.instrumentId()).symbol();
    if (!request.wants(symbol)) {
      return;
    }
    row.number(q.time())
        .number(q.eventTime())
        .time(q.receiveTime())
        .number(q.journalSeq())
        .text(symbol)
        .text(definitions.source(q.sourceId()))
        .number(q.sourceSeq())
        .price(q.bid())
        .price(q.ask())
        .quantity(q.bidSize())
        .quantity(q.askSize())
        .text(flags.of(q.flags().getRaw(), q.flags()::appendTo))
        .number(q.count())
        .price(q.bidHigh())
        .price(q.bidLow())
        .price(q.askHigh())
        .price(q.askLow())
        .end();
  }

  @Override
  public void end() {
    // Every row was written when its message came.
  }
}
