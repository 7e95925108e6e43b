package io.semnal.server;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.gateway.DamagedHistoryException;
import io.semnal.gateway.OutboundHistory;
import io.semnal.journal.CorruptJournalException;
import io.semnal.journal.OutboundJournal;
import io.semnal.journal.QueueReader;
import java.util.function.Supplier;

/** Shows the outbound journal to the gateway. */
final class History implements OutboundHistory {
  private final OutboundJournal journal;

  History(OutboundJournal journal) {
    this.journal = journal;
  }

  @Override
  public long oldest() {
    return journal.oldest();
  }

  @Override
  public long head() {
    return journal.head();
  }

  @Override
  public Cursor open(long afterOutSeq) {
    return cursor(() -> journal.open(afterOutSeq));
  }

  @Override
  public Cursor openAt(long time) {
    return cursor(() -> journal.openAt(time));
  }

  private static Cursor cursor(Supplier<QueueReader> way) {
    QueueReader reader = undamaged(way);
    return new Cursor() {
      @Override
      public boolean readNext(MessageHandler handler) {
        return undamaged(() -> reader.readNext(handler));
      }

      @Override
      public void close() {
        reader.close();
      }
    };
  }

  private static <T> T undamaged(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (CorruptJournalException e) {
      throw new DamagedHistoryException(e);
    }
  }
}
