package io.semnal.research.export;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.util.List;
import org.agrona.DirectBuffer;

/** Bars as rows, in the order of their publication. */
final class BarRows implements ExportRows {
  private static final double MANTISSA = 1e8;

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final BarDecoder bar = new BarDecoder();
  private final FlagNames flags = new FlagNames();
  private final TimeframeNames timeframes = new TimeframeNames();
  private final Definitions definitions;
  private final ExportRequest request;
  private final RowWriter row;

  BarRows(Definitions definitions, ExportRequest request, TableWriter table) {
    this.definitions = definitions;
    this.request = request;
    row = new RowWriter(table, request.decimal());
  }

  static List<TableColumn> columns(boolean decimal) {
    return new RowWriter.Columns(decimal)
        .of(TableColumn.Type.TIMESTAMP, "open_time", "close_time", "available_at")
        .of(TableColumn.Type.TEXT, "instrument", "timeframe")
        .price("bid_open", "bid_high", "bid_low", "bid_close")
        .price("ask_open", "ask_high", "ask_low", "ask_close")
        .nullablePrice("spread_min", "spread_max")
        .of(TableColumn.Type.FLOAT64, "spread_mean")
        .of(TableColumn.Type.INT64, "ticks")
        .of(TableColumn.Type.TEXT, "quality")
        .of(TableColumn.Type.INT64, "out_seq", "cause_seq")
        .list();
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) != BarDecoder.TEMPLATE_ID) {
      return;
    }
    bar.wrapAndApplyHeader(buffer, offset, header);
    String symbol = definitions.instrument(bar.instrumentId()).symbol();
    if (!request.wants(symbol)) {
      return;
    }
    row.number(bar.openTime())
        .number(bar.closeTime())
        .number(bar.time())
        .text(symbol)
        .text(timeframes.of(bar.timeframe()))
        .price(bar.bidOpen())
        .price(bar.bidHigh())
        .price(bar.bidLow())
        .price(bar.bidClose())
        .price(bar.askOpen())
        .price(bar.askHigh())
        .price(bar.askLow())
        .price(bar.askClose())
        .price(bar.spreadMin())
        .price(bar.spreadMax())
        .number(bar.spreadSum() / MANTISSA / bar.ticks())
        .number(bar.ticks())
        .text(flags.of(bar.flags().getRaw(), bar.flags()::appendTo))
        .number(bar.outSeq())
        .number(bar.causeSeq())
        .end();
  }

  @Override
  public void end() {
    // Every row was written when its message came.
  }
}
