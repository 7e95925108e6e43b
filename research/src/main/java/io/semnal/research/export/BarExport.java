package io.semnal.research.export;

import io.semnal.core.market.Timeframe;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.BarFlagsDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.agrona.DirectBuffer;

/** Writes the bars of an outbound journal as CSV, in the order of their publication. */
public final class BarExport {
  /** First line of the file. */
  public static final String HEADER =
      "openTime,closeTime,instrument,timeframe,bidOpen,bidHigh,bidLow,bidClose,"
          + "askOpen,askHigh,askLow,askClose,ticks,quality";

  private final Definitions definitions = new Definitions();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final BarDecoder bar = new BarDecoder();
  private final StringBuilder line = new StringBuilder(256);
  private final StringBuilder flags = new StringBuilder();
  private final Writer out;
  private long rows;

  private BarExport(Writer out) {
    this.out = out;
  }

  /**
   * Exports all bars from the reader's position to its end.
   *
   * @return rows written
   */
  public static long write(QueueReader outbound, Writer out) throws IOException {
    BarExport export = new BarExport(out);
    out.write(HEADER + "\n");
    try {
      while (outbound.readNext(export::onMessage)) {
        // The handler does the work.
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return export.rows;
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) {
    if (MessageLayout.templateId(buffer, offset) != BarDecoder.TEMPLATE_ID) {
      definitions.learn(buffer, offset);
      return;
    }
    bar.wrapAndApplyHeader(buffer, offset, header);
    Definitions.InstrumentName name = definitions.instrument(bar.instrumentId());
    line.setLength(0);
    line.append(Decimals.time(bar.openTime())).append(',');
    line.append(Decimals.time(bar.closeTime())).append(',');
    line.append(name.symbol()).append(',');
    line.append(new Timeframe(bar.timeframe()).label());
    price(bar.bidOpen(), name).price(bar.bidHigh(), name).price(bar.bidLow(), name);
    price(bar.bidClose(), name).price(bar.askOpen(), name).price(bar.askHigh(), name);
    price(bar.askLow(), name).price(bar.askClose(), name);
    line.append(',').append(bar.ticks()).append(',').append(quality(bar.flags())).append('\n');
    try {
      out.append(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rows++;
  }

  private BarExport price(long mantissa, Definitions.InstrumentName name) {
    line.append(',').append(Decimals.price(mantissa, name.decimals()));
    return this;
  }

  /** Flag names with a bar between them. */
  private CharSequence quality(BarFlagsDecoder set) {
    flags.setLength(0);
    set.appendTo(flags);
    String names = flags.substring(1, flags.length() - 1);
    return names.replace(',', '|');
  }
}
