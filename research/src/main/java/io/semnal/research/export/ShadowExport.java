package io.semnal.research.export;

import io.semnal.core.market.Timeframe;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.agrona.DirectBuffer;

/** Writes the challengers' scores of a journal as CSV: one line a score, by its cause. */
public final class ShadowExport {
  /** First line of the file. */
  public static final String HEADER =
      "causeSeq,time,instrument,timeframe,strategy,challenger,side,reason,buy,sell,neutral,output";

  private final Definitions definitions = new Definitions();
  private final Definitions challengers = new Definitions();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ScoreDecoder score = new ScoreDecoder();
  private final Writer out;
  private long rows;

  private ShadowExport(Writer out) {
    this.out = out;
  }

  /**
   * Exports all scores of the shadow queue.
   *
   * @param outbound says what ids of instruments and strategies mean
   * @return rows written
   */
  public static long write(QueueReader outbound, QueueReader shadow, Writer out)
      throws IOException {
    ShadowExport export = new ShadowExport(out);
    out.write(HEADER + "\n");
    while (outbound.readNext((buffer, offset, length) -> export.define(buffer, offset))) {
      // The handler does the work.
    }
    try {
      while (shadow.readNext(export::onShadow)) {
        // The handler does the work.
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return export.rows;
  }

  private void define(DirectBuffer buffer, int offset) {
    definitions.learn(buffer, offset);
  }

  private void onShadow(DirectBuffer buffer, int offset, int length) {
    switch (MessageLayout.templateId(buffer, offset)) {
      case ModelDefinitionDecoder.TEMPLATE_ID -> challengers.learn(buffer, offset);
      case ScoreDecoder.TEMPLATE_ID -> write(score.wrapAndApplyHeader(buffer, offset, header));
      default -> {
        // A later version's.
      }
    }
  }

  private void write(ScoreDecoder s) {
    try {
      out.write(
          String.join(
                  ",",
                  Long.toString(s.causeSeq()),
                  Decimals.time(s.time()),
                  definitions.instrument(s.instrumentId()).symbol(),
                  new Timeframe(s.timeframe()).label(),
                  definitions.strategy(s.strategyId()),
                  challengers.model(s.modelId()),
                  s.side().name(),
                  s.reason().name(),
                  number(s.buy()),
                  number(s.sell()),
                  number(s.neutral()),
                  number(s.output()))
              + "\n");
      rows++;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}
