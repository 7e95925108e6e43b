package io.semnal.research.export;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import java.util.List;
import org.agrona.DirectBuffer;

/** Changes in the lives of signals as rows, each with the quote that caused it. */
final class EventRows implements ExportRows {
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final TimeframeNames timeframes = new TimeframeNames();
  private final Definitions definitions;
  private final ExportRequest request;
  private final RowWriter row;

  EventRows(Definitions definitions, ExportRequest request, TableWriter table) {
    this.definitions = definitions;
    this.request = request;
    row = new RowWriter(table, request.decimal());
  }

  static List<TableColumn> columns(boolean decimal) {
    return new RowWriter.Columns(decimal)
        .of(TableColumn.Type.TIMESTAMP, "available_at")
        .nullable(TableColumn.Type.TIMESTAMP, "event_time")
        .of(TableColumn.Type.INT64, "signal_id")
        .of(TableColumn.Type.TEXT, "instrument", "timeframe", "strategy")
        .nullable(TableColumn.Type.TEXT, "model")
        .of(TableColumn.Type.TEXT, "type", "state")
        .nullable(TableColumn.Type.TEXT, "reason")
        .of(TableColumn.Type.TEXT, "session")
        .of(TableColumn.Type.INT32, "repeats")
        .nullablePrice("price", "bid", "ask")
        .nullable(TableColumn.Type.FLOAT64, "pips")
        .of(TableColumn.Type.INT64, "out_seq", "cause_seq")
        .list();
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) != SignalEventDecoder.TEMPLATE_ID) {
      return;
    }
    event.wrapAndApplyHeader(buffer, offset, header);
    String symbol = definitions.instrument(event.instrumentId()).symbol();
    if (!request.wants(symbol)) {
      return;
    }
    row.number(event.time())
        .time(event.eventTime())
        .number(event.signalId())
        .text(symbol)
        .text(timeframes.of(event.timeframe()))
        .text(definitions.strategy(event.strategyId()))
        .name(definitions.model(event.modelId()))
        .text(event.signalType().name())
        .text(event.state().name())
        .name(event.reason() == EndReason.NONE ? "" : event.reason().name())
        .text(event.session().name())
        .number(event.repeats())
        .price(event.price())
        .price(event.bid())
        .price(event.ask())
        .real(event.pips())
        .number(event.outSeq())
        .number(event.causeSeq())
        .end();
  }

  @Override
  public void end() {
    // Every row was written when its message came.
  }
}
