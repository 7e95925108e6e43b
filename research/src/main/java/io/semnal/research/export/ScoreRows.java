package io.semnal.research.export;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import java.util.List;
import org.agrona.DirectBuffer;

/** Scores as rows: the champions' of the outbound queue, or the challengers' of the shadow one. */
final class ScoreRows implements ExportRows {
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ScoreDecoder score = new ScoreDecoder();
  private final TimeframeNames timeframes = new TimeframeNames();
  private final Definitions definitions;
  private final Definitions models;
  private final ExportRequest request;
  private final RowWriter row;
  private final boolean shadow;

  /**
   * @param definitions of instruments and strategies
   * @param models of models: challengers have ids of their own
   */
  ScoreRows(Definitions definitions, Definitions models, ExportRequest request, TableWriter table) {
    this.definitions = definitions;
    this.models = models;
    this.request = request;
    shadow = request.kind() == ExportKind.SHADOW;
    row = new RowWriter(table, request.decimal());
  }

  static List<TableColumn> columns(boolean decimal, boolean shadow) {
    RowWriter.Columns columns =
        new RowWriter.Columns(decimal)
            .of(TableColumn.Type.TIMESTAMP, "available_at")
            .nullable(TableColumn.Type.TIMESTAMP, "event_time")
            .of(TableColumn.Type.TEXT, "instrument", "timeframe", "strategy")
            .nullable(TableColumn.Type.TEXT, "model")
            .of(TableColumn.Type.TEXT, "trigger", "side", "reason")
            .nullable(TableColumn.Type.FLOAT64, "buy", "sell", "neutral", "output")
            .nullablePrice("bid", "ask")
            .of(TableColumn.Type.UINT64, "feature_hash");
    if (!shadow) {
      columns.of(TableColumn.Type.INT64, "out_seq");
    }
    return columns.of(TableColumn.Type.INT64, "cause_seq").list();
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) == ScoreDecoder.TEMPLATE_ID) {
      write(score.wrapAndApplyHeader(buffer, offset, header));
    }
  }

  private void write(ScoreDecoder s) {
    String symbol = definitions.instrument(s.instrumentId()).symbol();
    if (!request.wants(symbol)) {
      return;
    }
    row.number(s.time())
        .time(s.eventTime())
        .text(symbol)
        .text(timeframes.of(s.timeframe()))
        .text(definitions.strategy(s.strategyId()))
        .name(models.model(s.modelId()))
        .text(s.trigger().name())
        .text(s.side().name())
        .text(s.reason().name())
        .real(s.buy())
        .real(s.sell())
        .real(s.neutral())
        .real(s.output())
        .price(s.bid())
        .price(s.ask())
        .number(s.featureHash());
    if (!shadow) {
      row.number(s.outSeq());
    }
    row.number(s.causeSeq()).end();
  }

  @Override
  public void end() {
    // Every row was written when its message came.
  }
}
