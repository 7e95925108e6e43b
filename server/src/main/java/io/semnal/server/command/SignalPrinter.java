package io.semnal.server.command;

import io.semnal.core.market.Timeframe;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.research.export.Definitions;
import io.semnal.server.Times;
import java.io.PrintWriter;
import java.math.BigDecimal;
import org.agrona.DirectBuffer;

/** Prints the signals of an outbound journal for people, as they are appended. */
final class SignalPrinter {
  private final QueueReader reader;
  private final PrintWriter out;
  private final String mark;
  private final Definitions definitions = new Definitions();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SignalDecoder signal = new SignalDecoder();
  private final SignalEventDecoder event = new SignalEventDecoder();
  private boolean quiet = true;
  private long printed;

  /**
   * @param mark put before each line
   */
  SignalPrinter(QueueReader reader, PrintWriter out, String mark) {
    this.reader = reader;
    this.out = out;
    this.mark = mark;
  }

  /** Reads what is there without printing it: names are learned. */
  void skipToEnd() {
    poll();
    quiet = false;
  }

  /**
   * Prints what came since.
   *
   * @return lines printed
   */
  long poll() {
    long before = printed;
    while (reader.readNext(this::onMessage)) {
      // The handler prints.
    }
    out.flush();
    return printed - before;
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case SignalDecoder.TEMPLATE_ID -> onSignal(buffer, offset);
      case SignalEventDecoder.TEMPLATE_ID -> onEvent(buffer, offset);
      default -> definitions.learn(buffer, offset);
    }
  }

  private void onSignal(DirectBuffer buffer, int offset) {
    signal.wrapAndApplyHeader(buffer, offset, header);
    if (quiet || signal.signalType() == SignalType.NEUTRAL) {
      return;
    }
    Definitions.InstrumentName name = definitions.instrument(signal.instrumentId());
    line(
        "%s  %-7s %-4s %-4s %.2f at %s, stop %s, target %s, until %s",
        clock(signal.time()),
        name.symbol(),
        new Timeframe(signal.timeframe()).label(),
        signal.signalType(),
        signal.strength(),
        price(signal.entry(), name),
        price(signal.stopLoss(), name),
        price(signal.takeProfit(), name),
        clock(signal.expiration()));
  }

  private void onEvent(DirectBuffer buffer, int offset) {
    event.wrapAndApplyHeader(buffer, offset, header);
    if (quiet || event.state() == SignalState.ACTIVE || event.state() == SignalState.PENDING) {
      return;
    }
    Definitions.InstrumentName name = definitions.instrument(event.instrumentId());
    String pips = Double.isNaN(event.pips()) ? "" : String.format(" %+.1f pips", event.pips());
    line(
        "%s  %-7s %-4s %-4s %s %s%s",
        clock(event.time()),
        name.symbol(),
        new Timeframe(event.timeframe()).label(),
        event.signalType(),
        event.state().name().toLowerCase(java.util.Locale.ROOT),
        event.reason(),
        pips);
  }

  private void line(String format, Object... args) {
    out.println(mark + String.format(java.util.Locale.ROOT, format, args));
    printed++;
  }

  private static String price(long mantissa, Definitions.InstrumentName name) {
    return BigDecimal.valueOf(mantissa, MessageLayout.PRICE_DECIMALS)
        .setScale(name.decimals(), java.math.RoundingMode.HALF_UP)
        .toPlainString();
  }

  private static String clock(long nanos) {
    return Times.iso(nanos / 1_000_000_000L * 1_000_000_000L).replace('T', ' ').replace("Z", "");
  }
}
