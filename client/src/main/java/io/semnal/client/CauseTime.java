package io.semnal.client;

import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import java.io.IOException;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Finds the time of what caused a message, for {@link LatencyMeter}. One thread. */
final class CauseTime {
  private final LatencyMeter meter;

  CauseTime(LatencyMeter meter) {
    this.meter = meter;
  }

  /** A live message in SBE; of those without a cause in time, such as bars, nothing is measured. */
  void measure(int template, DirectBuffer buffer, int offset, long receivedAt) {
    switch (template) {
      case SignalDecoder.TEMPLATE_ID ->
          outbound(
              Channel.SIGNALS, buffer, offset, SignalDecoder.eventTimeEncodingOffset(), receivedAt);
      case SignalEventDecoder.TEMPLATE_ID ->
          outbound(
              Channel.SIGNALS,
              buffer,
              offset,
              SignalEventDecoder.eventTimeEncodingOffset(),
              receivedAt);
      case ScoreDecoder.TEMPLATE_ID ->
          outbound(
              Channel.SCORES, buffer, offset, ScoreDecoder.eventTimeEncodingOffset(), receivedAt);
      case ViewerQuoteDecoder.TEMPLATE_ID ->
          record(
              Channel.QUOTES,
              time(buffer, offset, ViewerQuoteDecoder.eventTimeEncodingOffset()),
              MessageLayout.ABSENT,
              receivedAt);
      default -> {
        // Not measured.
      }
    }
  }

  private void outbound(
      Channel channel, DirectBuffer buffer, int offset, int eventTime, long receivedAt) {
    record(
        channel,
        time(buffer, offset, eventTime),
        MessageLayout.outboundTime(buffer, offset),
        receivedAt);
  }

  private static long time(DirectBuffer buffer, int offset, int field) {
    return buffer.getLong(offset + MessageLayout.HEADER + field, ByteOrder.LITTLE_ENDIAN);
  }

  /** A live message in JSON. */
  void measure(String type, JsonFields fields, long receivedAt) throws IOException {
    Channel channel =
        switch (type) {
          case "signal", "signalEvent" -> Channel.SIGNALS;
          case "score" -> Channel.SCORES;
          case "quote" -> Channel.QUOTES;
          default -> null;
        };
    if (channel != null) {
      record(
          channel,
          time(fields, "eventTime"),
          channel == Channel.QUOTES ? MessageLayout.ABSENT : time(fields, "time"),
          receivedAt);
    }
  }

  private static long time(JsonFields fields, String name) throws IOException {
    String text = fields.text(name);
    return text.isEmpty() || text.equals("null") ? MessageLayout.ABSENT : fields.number(name);
  }

  private void record(Channel channel, long eventTime, long dueTime, long receivedAt) {
    boolean isDue = eventTime == MessageLayout.ABSENT;
    long cause = isDue ? dueTime : eventTime;
    if (cause != MessageLayout.ABSENT) {
      meter.record(channel.ordinal(), cause, isDue, receivedAt);
    }
  }
}
