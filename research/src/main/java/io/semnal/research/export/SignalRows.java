package io.semnal.research.export;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Signals as rows, each with what became of it. A row waits for its signal's end, and those after
 * it with it: as many are held as signals are published while one is open.
 */
final class SignalRows implements ExportRows {
  private static final class Life {
    private final SignalRow published;
    private SignalState state = SignalState.PENDING;
    private long entryTime = MessageLayout.ABSENT;
    private long entryPrice = MessageLayout.ABSENT;
    private long exitTime = MessageLayout.ABSENT;
    private long exitPrice = MessageLayout.ABSENT;
    private String reason = "";
    private String session = "";
    private int repeats;
    private double pips = Double.NaN;
    private boolean over;

    private Life(SignalRow published) {
      this.published = published;
    }
  }

  /** A signal as it was published. */
  private record SignalRow(
      long time,
      long eventTime,
      long id,
      long causeSeq,
      String symbol,
      String timeframe,
      String strategy,
      String model,
      SignalType type,
      String trigger,
      double strength,
      long bid,
      long ask,
      long entry,
      long stopLoss,
      long takeProfit,
      long expiration,
      long featureHash) {}

  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private final TimeframeNames timeframes = new TimeframeNames();
  private final ArrayDeque<Life> waiting = new ArrayDeque<>();
  private final Map<Long, Life> open = new HashMap<>();
  private final Definitions definitions;
  private final ExportRequest request;
  private final RowWriter row;

  SignalRows(Definitions definitions, ExportRequest request, TableWriter table) {
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
        .of(TableColumn.Type.TEXT, "type", "trigger")
        .of(TableColumn.Type.FLOAT64, "strength")
        .nullablePrice("bid", "ask", "entry", "stop_loss", "take_profit")
        .nullable(TableColumn.Type.TIMESTAMP, "expiration")
        .nullable(TableColumn.Type.TEXT, "state")
        .nullable(TableColumn.Type.TIMESTAMP, "entry_time")
        .nullablePrice("entry_price")
        .nullable(TableColumn.Type.TIMESTAMP, "exit_time")
        .nullablePrice("exit_price")
        .nullable(TableColumn.Type.TEXT, "end_reason", "session")
        .of(TableColumn.Type.INT32, "repeats")
        .nullable(TableColumn.Type.FLOAT64, "pips")
        .of(TableColumn.Type.UINT64, "feature_hash")
        .of(TableColumn.Type.INT64, "cause_seq")
        .list();
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) == SignalDecoder.TEMPLATE_ID) {
      onSignal(signal.wrapAndApplyHeader(buffer, offset, header));
    } else {
      onLater(buffer, offset);
    }
  }

  @Override
  public void onLater(DirectBuffer buffer, int offset) {
    if (!open.isEmpty()
        && MessageLayout.templateId(buffer, offset) == SignalEventDecoder.TEMPLATE_ID) {
      onEvent(event.wrapAndApplyHeader(buffer, offset, header));
    }
  }

  @Override
  public boolean isComplete() {
    return open.isEmpty();
  }

  private void onSignal(SignalDecoder s) {
    String symbol = definitions.instrument(s.instrumentId()).symbol();
    if (!request.wants(symbol)) {
      return;
    }
    Life life =
        new Life(
            new SignalRow(
                s.time(),
                s.eventTime(),
                s.outSeq(),
                s.causeSeq(),
                symbol,
                timeframes.of(s.timeframe()),
                definitions.strategy(s.strategyId()),
                definitions.model(s.modelId()),
                s.signalType(),
                s.trigger().name(),
                s.strength(),
                s.bid(),
                s.ask(),
                s.entry(),
                s.stopLoss(),
                s.takeProfit(),
                s.expiration(),
                s.featureHash()));
    waiting.add(life);
    if (life.published.type() == SignalType.NEUTRAL) {
      life.over = true;
      writeFinished();
    } else {
      open.put(s.outSeq(), life);
    }
  }

  private void onEvent(SignalEventDecoder e) {
    Life life = open.get(e.signalId());
    if (life == null) {
      return;
    }
    life.state = e.state();
    life.session = e.session().name();
    life.repeats = e.repeats();
    if (e.state() == SignalState.ACTIVE) {
      life.entryTime = e.time();
      life.entryPrice = e.price();
      return;
    }
    life.exitTime = e.time();
    life.exitPrice = e.price();
    life.reason = e.reason() == EndReason.NONE ? "" : e.reason().name();
    life.pips = e.pips();
    life.over = true;
    open.remove(e.signalId());
    writeFinished();
  }

  private void writeFinished() {
    while (!waiting.isEmpty() && waiting.peek().over) {
      write(waiting.poll());
    }
  }

  private void write(Life life) {
    SignalRow s = life.published;
    row.number(s.time())
        .time(s.eventTime())
        .number(s.id())
        .text(s.symbol())
        .text(s.timeframe())
        .text(s.strategy())
        .name(s.model())
        .text(s.type().name())
        .text(s.trigger())
        .number(s.strength())
        .price(s.bid())
        .price(s.ask())
        .price(s.entry())
        .price(s.stopLoss())
        .price(s.takeProfit())
        .time(s.expiration())
        .name(s.type() == SignalType.NEUTRAL ? "" : life.state.name())
        .time(life.entryTime)
        .price(life.entryPrice)
        .time(life.exitTime)
        .price(life.exitPrice)
        .name(life.reason)
        .name(life.session)
        .number(life.repeats)
        .real(life.pips)
        .number(s.featureHash())
        .number(s.causeSeq())
        .end();
  }

  /** Those that are still open get their row as they are. */
  @Override
  public void end() {
    while (!waiting.isEmpty()) {
      write(waiting.poll());
    }
  }
}
