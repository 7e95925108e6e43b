package io.semnal.gateway;

import io.semnal.protocol.Channel;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;

/**
 * Which messages somebody waits for, by a set of channels: a loop is not woken for the others.
 *
 * <p>Bit n of a set is the channel with that index; {@link Channel#DEFINITIONS} is in it wherever
 * there is a session.
 */
public final class Wanted {
  /** Everything is waited for. */
  public static final int ALL = -1;

  private Wanted() {}

  /** Whether somebody waits for an outbound message. */
  public static boolean outbound(int wanted, int templateId) {
    int channel = Channel.of(templateId);
    return channel >= 0 && (wanted >>> channel & 1) != 0;
  }

  /** Whether somebody waits for an inbound message: quotes have viewers, commands an asker. */
  public static boolean inbound(int wanted, int templateId) {
    return switch (templateId) {
      case QuoteDecoder.TEMPLATE_ID, ConflatedQuoteDecoder.TEMPLATE_ID ->
          (wanted & Channel.QUOTES.bit()) != 0;
      case EngineCommandDecoder.TEMPLATE_ID -> true;
      default -> false;
    };
  }
}
