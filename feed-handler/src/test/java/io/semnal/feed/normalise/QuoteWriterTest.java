package io.semnal.feed.normalise;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.feed.Tick;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.QuoteFlagsDecoder;
import org.junit.jupiter.api.Test;

class QuoteWriterTest {
  private final QuoteWriter writer = new QuoteWriter();
  private final QuoteDecoder quote = new QuoteDecoder();

  @Test
  void encodesEveryFieldForTheIngress() {
    Tick tick = new Tick();
    tick.eventTime = 11;
    tick.bid = 12;
    tick.ask = 13;
    tick.bidSize = 14;
    tick.askSize = 15;
    writer.encode(99, 99, 99, 99, 99, 99, 99, 99, 0xFFFF);

    int length = writer.encode(tick, 16, 17, 18, QuoteFlagBits.SPIKE);

    quote.wrapAndApplyHeader(writer.buffer(), 0, new MessageHeaderDecoder());
    assertThat(length).isEqualTo(MessageLayout.HEADER + quote.sbeBlockLength());
    assertThat(length).isLessThanOrEqualTo(writer.buffer().capacity());
    assertThat(quote.journalSeq()).isZero();
    assertThat(quote.time()).isZero();
    assertThat(quote.receiveTime()).isEqualTo(MessageLayout.ABSENT);
    assertThat(quote.eventTime()).isEqualTo(11);
    assertThat(quote.bid()).isEqualTo(12);
    assertThat(quote.ask()).isEqualTo(13);
    assertThat(quote.bidSize()).isEqualTo(14);
    assertThat(quote.askSize()).isEqualTo(15);
    assertThat(quote.sourceId()).isEqualTo(16);
    assertThat(quote.sourceSeq()).isEqualTo(17);
    assertThat(quote.instrumentId()).isEqualTo(18);
    assertThat(quote.flags().getRaw()).isEqualTo(QuoteFlagBits.SPIKE);
  }

  @Test
  void masksAreTheSchemas() {
    assertThat(flags(QuoteFlagBits.CROSSED).crossed()).isTrue();
    assertThat(flags(QuoteFlagBits.LOCKED).locked()).isTrue();
    assertThat(flags(QuoteFlagBits.STALE).stale()).isTrue();
    assertThat(flags(QuoteFlagBits.LATE).late()).isTrue();
    assertThat(flags(QuoteFlagBits.DUPLICATE).duplicate()).isTrue();
    assertThat(flags(QuoteFlagBits.SPIKE).spike()).isTrue();
    assertThat(flags(QuoteFlagBits.CONFLATED).conflated()).isTrue();
    assertThat(flags(QuoteFlagBits.FUTURE_TIME).futureTime()).isTrue();
    assertThat(flags(QuoteFlagBits.SIMULATED).simulated()).isTrue();
  }

  private QuoteFlagsDecoder flags(int word) {
    writer.encode(1, 1, 1, 1, 1, 1, 1, 1, word);
    return quote.wrapAndApplyHeader(writer.buffer(), 0, new MessageHeaderDecoder()).flags();
  }
}
