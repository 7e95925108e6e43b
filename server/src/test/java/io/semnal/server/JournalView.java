package io.semnal.server;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.agrona.concurrent.UnsafeBuffer;

/** Copies of what a journal holds. */
final class JournalView {
  private JournalView() {}

  /** One message; the accessors read its fixed fields. */
  record Message(UnsafeBuffer buffer) {
    int template() {
      return MessageLayout.templateId(buffer, 0);
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
