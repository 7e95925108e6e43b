package io.semnal.server;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntPredicate;
import org.agrona.concurrent.UnsafeBuffer;

/** Copies of what a journal holds. */
final class JournalView {
  private static final int BEHIND_SEQUENCES = MessageLayout.HEADER + 2 * Long.BYTES;

  private JournalView() {}

  /** One message; the accessors read its fixed fields. */
  record Message(UnsafeBuffer buffer) {
    int template() {
      return MessageLayout.templateId(buffer, 0);
    }

    byte[] bytes() {
      return buffer.byteArray();
    }

    long outSeq() {
      return MessageLayout.outSeq(buffer, 0);
    }

    long causeSeq() {
      return MessageLayout.causeSeq(buffer, 0);
    }

    long journalSeq() {
      return MessageLayout.journalSeq(buffer, 0);
    }
  }

  static boolean isSignalOrBar(int template) {
    return Channel.of(template) == Channel.SIGNALS.ordinal()
        || Channel.of(template) == Channel.BARS.ordinal();
  }

  /**
   * Signals and bars as text, from {@code streamSeq} on: {@code outSeq} and {@code causeSeq} count
   * what else stands in a journal.
   */
  static List<String> behindSequences(List<Message> messages) {
    return messages.stream()
        .filter(
            m ->
                m.template() == SignalDecoder.TEMPLATE_ID || m.template() == BarDecoder.TEMPLATE_ID)
        .map(
            m ->
                HexFormat.of()
                    .formatHex(m.buffer().byteArray(), BEHIND_SEQUENCES, m.buffer().capacity()))
        .toList();
  }

  /** Whole messages as text. */
  static List<String> hex(List<Message> messages) {
    return messages.stream().map(m -> HexFormat.of().formatHex(m.buffer().byteArray())).toList();
  }

  static List<Message> inbound(Path journal, IntPredicate template) {
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.inboundReader()) {
      return read(reader, template);
    }
  }

  static List<Message> outbound(Path journal, IntPredicate template) {
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.outboundReader()) {
      return read(reader, template);
    }
  }

  private static List<Message> read(QueueReader reader, IntPredicate template) {
    List<Message> messages = new ArrayList<>();
    while (reader.readNext(
        (buffer, offset, length) -> {
          if (template.test(MessageLayout.templateId(buffer, offset))) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            messages.add(new Message(new UnsafeBuffer(bytes)));
          }
        })) {
      // To the end.
    }
    return messages;
  }
}
