package io.semnal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.ingress.MessageLog;
import io.semnal.protocol.MessageLayout;
import io.semnal.testing.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueReaderTest {
  @TempDir Path dir;
  private final Messages messages = new Messages();

  @Test
  void readsBackTheBytesThatWereAppended() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      MessageLog log = journal.inboundLog();
      int length = messages.quote(1, Messages.START, 1, 7, 2, 110_000_000L);
      byte[] expected = new byte[length];
      messages.buffer.getBytes(0, expected);
      log.append(messages.buffer, 0, length);
      log.append(new UnsafeBuffer(expected), 0, length);
      int offset = 32;
      messages.buffer.putBytes(offset, expected);
      log.append(messages.buffer, offset, length);
      List<byte[]> read = new ArrayList<>();
      QueueReader reader = journal.inboundReader();
      while (reader.readNext(
          (buffer, at, n) -> {
            byte[] copy = new byte[n];
            buffer.getBytes(at, copy);
            read.add(copy);
          })) {}
      assertThat(read).containsExactly(expected, expected, expected);
    }
  }

  @Test
  void readsWhatIsAppendedAfterItReachedTheEnd() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      QueueReader reader = journal.inboundReader();
      List<Long> read = new ArrayList<>();
      assertThat(next(reader, read)).isFalse();
      for (int i = 1; i <= 5; i++) {
        journal.inboundLog().append(messages.buffer, 0, messages.clock(i, i));
        assertThat(next(reader, read)).isTrue();
        assertThat(next(reader, read)).isFalse();
      }
      assertThat(read).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void seeksEverySequenceThatThereIs() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      appendClocks(journal, 1, 3_000);
      QueueReader reader = journal.inboundReader();
      List<Long> read = new ArrayList<>();
      for (long seq : new long[] {1, 2, 255, 256, 257, 1_024, 2_999, 3_000, 17}) {
        read.clear();
        assertThat(reader.seekToSequence(seq)).isTrue();
        next(reader, read);
        assertThat(read).containsExactly(seq);
      }
      assertThat(reader.seekToSequence(3_001)).isFalse();
      assertThat(next(reader, read)).isFalse();
      appendClocks(journal, 3_001, 3_001);
      read.clear();
      assertThat(next(reader, read)).isTrue();
      assertThat(read).containsExactly(3_001L);
      assertThat(reader.seekToSequence(-5)).isTrue();
    }
  }

  @Test
  void seeksAcrossAGapInTheSequence() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      appendClocks(journal, 1, 500);
      appendClocks(journal, 901, 1_500);
      QueueReader reader = journal.inboundReader();
      List<Long> read = new ArrayList<>();
      for (long[] wantedAndFound :
          new long[][] {{500, 500}, {501, 901}, {901, 901}, {1_400, 1_400}}) {
        read.clear();
        assertThat(reader.seekToSequence(wantedAndFound[0])).isTrue();
        next(reader, read);
        assertThat(read).containsExactly(wantedAndFound[1]);
      }
    }
  }

  @Test
  void seeksTheFirstOfEqualTimes() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      for (int i = 1; i <= 1_000; i++) {
        journal.inboundLog().append(messages.buffer, 0, messages.clock(i, i / 10 * 100L));
      }
      QueueReader reader = journal.inboundReader();
      List<Long> read = new ArrayList<>();
      assertThat(reader.seekToTime(500)).isTrue();
      next(reader, read);
      assertThat(reader.seekToTime(501)).isTrue();
      next(reader, read);
      assertThat(reader.seekToTime(10_001)).isFalse();
      assertThat(read).containsExactly(50L, 60L);
    }
  }

  @Test
  void knowsOldestAndHeadWithoutMoving() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      QueueReader reader = journal.outboundReader();
      assertThat(reader.head()).isEqualTo(Mark.NONE);
      assertThat(reader.oldest()).isEqualTo(Mark.NONE);
      for (int i = 1; i <= 700; i++) {
        journal.outboundLog().append(messages.buffer, 0, messages.bar(i, i, 10L * i));
      }
      reader.seekToSequence(300);
      assertThat(reader.head()).isEqualTo(new Mark(700, 7_000));
      assertThat(reader.oldest()).isEqualTo(new Mark(1, 10));
      List<Long> read = new ArrayList<>();
      reader.readNext((buffer, at, n) -> read.add(MessageLayout.outSeq(buffer, at)));
      assertThat(read).containsExactly(300L);
    }
  }

  @Test
  void crossesTheFilesOfARollCycle() throws Exception {
    List<Long> read = new ArrayList<>();
    try (JournalDirectory journal = JournalDirectory.open(dir, "TEST_SECONDLY")) {
      long seq = 0;
      for (int file = 0; file < 3; file++) {
        for (int i = 0; i < 100; i++) {
          journal.inboundLog().append(messages.buffer, 0, messages.clock(++seq, seq));
        }
        if (file < 2) {
          Thread.sleep(1_050);
        }
      }
      QueueReader reader = journal.inboundReader();
      while (next(reader, read)) {}
      assertThat(read).hasSize(300).isSorted();
      for (long wanted : new long[] {1, 99, 100, 101, 200, 201, 300}) {
        read.clear();
        assertThat(reader.seekToSequence(wanted)).isTrue();
        next(reader, read);
        assertThat(read).containsExactly(wanted);
      }
      assertThat(reader.head().sequence()).isEqualTo(300);
    }
    try (var files = java.nio.file.Files.list(dir.resolve("inbound"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".cq4")).count())
          .isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void readsLongMessagesInOnePieceAcrossTheBlocksOfAFile() {
    String text = "0123456789abcdef".repeat(100_000);
    try (JournalDirectory writer = JournalDirectory.open(dir, "FAST_DAILY");
        JournalDirectory other = JournalDirectory.openReadOnly(dir)) {
      QueueReader beside = other.inboundReader();
      QueueReader within = writer.inboundReader();
      Messages large = new Messages();
      for (int i = 1; i <= 90; i++) {
        writer.inboundLog().append(large.buffer, 0, large.header(Messages.run(i, i, i, text)));
        for (QueueReader reader : List.of(beside, within)) {
          long[] seen = {0};
          reader.readNext(
              (buffer, offset, length) -> {
                RunInfo run = RunHeaders.decode(buffer, offset);
                seen[0] = run.engineText().equals(text) ? run.runId() : -1;
              });
          assertThat(seen[0]).isEqualTo(i);
        }
      }
      assertThat(beside.head().sequence()).isEqualTo(90);
    }
  }

  @Test
  void servesPublishedMessagesFromAnySequenceOn() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY");
        OutboundJournal history = new OutboundJournal(journal)) {
      assertThat(history.head()).isZero();
      assertThat(history.oldest()).isEqualTo(1);
      for (int i = 1; i <= 50; i++) {
        journal.outboundLog().append(messages.buffer, 0, messages.bar(i, i, i));
      }
      assertThat(history.head()).isEqualTo(50);
      assertThat(history.oldest()).isEqualTo(1);
      try (QueueReader reader = history.open(47)) {
        List<Long> read = new ArrayList<>();
        while (reader.readNext((b, at, n) -> read.add(MessageLayout.outSeq(b, at)))) {}
        assertThat(read).containsExactly(48L, 49L, 50L);
      }
    }
  }

  @Test
  void keepsUpWithAThreadThatAppends() throws Exception {
    int count = 200_000;
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY");
        JournalDirectory other = JournalDirectory.openReadOnly(dir)) {
      MessageLog log = journal.inboundLog();
      Thread writer =
          new Thread(
              () -> {
                Messages own = new Messages();
                for (int i = 1; i <= count; i++) {
                  log.append(own.buffer, 0, own.clock(i, 3L * i));
                }
              });
      writer.start();
      long[] last = {0, 0};
      QueueReader[] readers = {journal.inboundReader(), other.inboundReader()};
      Await.Deadline deadline =
          new Await.Deadline(() -> "more than " + Arrays.toString(last), Await.PATIENCE);
      while (last[0] < count || last[1] < count) {
        deadline.check();
        for (int r = 0; r < readers.length; r++) {
          int at = r;
          readers[r].readNext(
              (buffer, offset, length) -> {
                long seq = MessageLayout.journalSeq(buffer, offset);
                assertThat(seq == last[at] + 1 && length == 24).isTrue();
                assertThat(MessageLayout.inboundTime(buffer, offset) == 3 * seq).isTrue();
                last[at] = seq;
              });
        }
      }
      writer.join();
    }
  }

  @Test
  void readsBesideAWriterWithoutItsLock() {
    try (JournalDirectory writer = JournalDirectory.open(dir, "FAST_DAILY");
        JournalDirectory other = JournalDirectory.openReadOnly(dir)) {
      QueueReader reader = other.inboundReader();
      List<Long> read = new ArrayList<>();
      assertThat(next(reader, read)).isFalse();
      appendClocks(writer, 1, 10);
      while (next(reader, read)) {}
      assertThat(read).hasSize(10);
      assertThat(reader.head().sequence()).isEqualTo(10);
      assertThatThrownBy(other::inboundLog).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void namesThePlaceOfARecordThatIsNoMessage() {
    try (JournalDirectory journal = JournalDirectory.open(dir, "FAST_DAILY")) {
      appendClocks(journal, 1, 3);
      journal.inboundLog().append(new UnsafeBuffer(new byte[64]), 0, 64);
      QueueReader reader = journal.inboundReader();
      List<Long> read = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (next(reader, read)) {}
              })
          .isInstanceOf(CorruptJournalException.class)
          .hasMessageContaining("no inbound message")
          .hasMessageContaining(".cq4, record 3");
    }
  }

  private void appendClocks(JournalDirectory journal, long from, long to) {
    for (long i = from; i <= to; i++) {
      journal.inboundLog().append(messages.buffer, 0, messages.clock(i, i));
    }
  }

  private static boolean next(QueueReader reader, List<Long> into) {
    return reader.readNext((buffer, at, n) -> into.add(MessageLayout.journalSeq(buffer, at)));
  }
}
