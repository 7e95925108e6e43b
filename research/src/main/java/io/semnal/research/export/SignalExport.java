package io.semnal.research.export;

import io.semnal.core.market.Timeframe;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.io.IOException;
import java.io.Writer;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/** Writes the signals of an outbound journal as CSV: one line a signal, with what became of it. */
public final class SignalExport {
  /** First line of the file. */
  public static final String HEADER =
      "outSeq,time,eventTime,instrument,timeframe,strategy,model,type,strength,bid,ask,entry,"
          + "stopLoss,takeProfit,expiration,state,entryTime,entryPrice,exitTime,exitPrice,reason,pips";

  private static final class Row {
    String opened;
    int decimals;
    String state;
    String entryTime = "";
    String entryPrice = "";
    String exitTime = "";
    String exitPrice = "";
    String reason = "";
    String pips = "";
  }

  private final Definitions definitions = new Definitions();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final TreeMap<Long, Row> rows = new TreeMap<>();

  private SignalExport() {}

  /**
   * Exports all signals from the reader's position to its end.
   *
   * @return rows written
   */
  public static long write(QueueReader outbound, Writer out) throws IOException {
    SignalExport export = new SignalExport();
    while (outbound.readNext(export::onMessage)) {
      // The handler does the work.
    }
    out.write(HEADER + "\n");
    for (Row row : export.rows.values()) {
      out.write(
          String.join(
                  ",",
                  row.opened,
                  row.state,
                  row.entryTime,
                  row.entryPrice,
                  row.exitTime,
                  row.exitPrice,
                  row.reason,
                  row.pips)
              + "\n");
    }
    return export.rows.size();
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case SignalDecoder.TEMPLATE_ID -> opened(buffer, offset);
      case SignalEventDecoder.TEMPLATE_ID -> changed(buffer, offset);
      default -> definitions.learn(buffer, offset);
    }
  }

  private void opened(DirectBuffer buffer, int offset) {
    signal.wrapAndApplyHeader(buffer, offset, header);
    Definitions.InstrumentName name = definitions.instrument(signal.instrumentId());
    Row row = new Row();
    row.decimals = name.decimals();
    row.state =
        signal.signalType() == SignalType.NEUTRAL ? "" : String.valueOf(SignalState.PENDING);
    row.opened =
        String.join(
            ",",
            Long.toString(signal.outSeq()),
            Decimals.time(signal.time()),
            Decimals.time(signal.eventTime()),
            name.symbol(),
            new Timeframe(signal.timeframe()).label(),
            definitions.strategy(signal.strategyId()),
            definitions.model(signal.modelId()),
            signal.signalType().name(),
            number(signal.strength()),
            Decimals.price(signal.bid(), row.decimals),
            Decimals.price(signal.ask(), row.decimals),
            Decimals.price(signal.entry(), row.decimals),
            Decimals.price(signal.stopLoss(), row.decimals),
            Decimals.price(signal.takeProfit(), row.decimals),
            Decimals.time(signal.expiration()));
    rows.put(signal.outSeq(), row);
  }

  private void changed(DirectBuffer buffer, int offset) {
    event.wrapAndApplyHeader(buffer, offset, header);
    Row row = rows.get(event.signalId());
    if (row == null) {
      return;
    }
    row.state = event.state().name();
    if (event.state() == SignalState.ACTIVE) {
      row.entryTime = Decimals.time(event.time());
      row.entryPrice = Decimals.price(event.price(), row.decimals);
    } else {
      row.exitTime = Decimals.time(event.time());
      row.exitPrice = Decimals.price(event.price(), row.decimals);
      row.reason = event.reason() == EndReason.NONE ? "" : event.reason().name();
      row.pips = number(event.pips());
    }
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}
