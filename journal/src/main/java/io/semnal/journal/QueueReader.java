package io.semnal.journal;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads one queue of a journal in order, from any sequence on, and keeps up with a writer that
 * appends meanwhile. A message that is not what was written, by the checksum beside the queue, is
 * refused. One thread at a time; reading allocates nothing.
 */
public final class QueueReader implements AutoCloseable {
  /** The file of a reader that has not moved yet. */
  static final int NOWHERE = Integer.MAX_VALUE;

  /** No message is nearly as long; what pretends to be is not read to its end. */
  static final int MOST_LENGTH = 4 << 20;

  private static final int SCHEMA_ID_OFFSET = MessageHeaderDecoder.schemaIdEncodingOffset();
  private static final int BLOCK_LENGTH_OFFSET = MessageHeaderDecoder.blockLengthEncodingOffset();
  private static final int SCHEMA_ID = MessageHeaderDecoder.SCHEMA_ID;

  private final JournalQueue source;
  private final Side side;
  private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
  private ExcerptTailer tailer;
  private final boolean checked;
  private QueueSearch search;
  private MessageCheck check;
  private CorruptJournalException stuck;
  private volatile int cycle = NOWHERE;

  /**
   * @param checked whether messages are held against their checksums
   */
  QueueReader(JournalQueue source, boolean checked) {
    this.source = source;
    this.checked = checked;
    side = source.side();
  }

  public Side side() {
    return side;
  }

  /**
   * Hands over the next message. The buffer lies over the mapped file: it is valid during the call
   * only, and must not be written to.
   *
   * @return {@code false} if there is none yet; try again later
   * @throws CorruptJournalException naming file and place; again and again, until it is positioned
   *     anew
   */
  public boolean readNext(MessageHandler handler) {
    if (!isOpen()) {
      return false;
    }
    if (stuck != null) {
      throw stuck;
    }
    DocumentContext document = next();
    try {
      if (!document.isPresent()) {
        atEnd();
        return false;
      }
      int length = map(document);
      noteCycle();
      handler.onMessage(view, 0, length);
      return true;
    } finally {
      document.close();
    }
  }

  /**
   * Positions before the first message whose sequence is {@code sequence} or higher.
   *
   * @return whether there is such a message now; if not, the position is the end
   */
  public boolean seekToSequence(long sequence) {
    return anew() && noted(search().toSequence(tailer, sequence));
  }

  /**
   * Positions before the first message whose engine time is {@code time} or later.
   *
   * @return whether there is such a message now; if not, the position is the end
   */
  public boolean seekToTime(long time) {
    return anew() && noted(search().toTime(tailer, time));
  }

  /**
   * Outbound: positions before the first message whose {@code causeSeq} is {@code causeSeq} or
   * higher.
   *
   * @return whether there is such a message now; if not, the position is the end
   */
  public boolean seekToCause(long causeSeq) {
    return anew() && noted(search().toCause(tailer, causeSeq));
  }

  /** Positions before the oldest message kept. */
  public void seekToStart() {
    if (anew()) {
      tailer.toStart();
      noteCycle();
    }
  }

  /** Positions before a record of a file; {@code false} if there is none. */
  boolean seekToRecord(int ofCycle, long record) {
    return anew() && noted(tailer.moveToIndex(source.queue().rollCycle().toIndex(ofCycle, record)));
  }

  /** Number of the next record in its file. */
  long record() {
    return source.queue().rollCycle().toSequenceNumber(tailer.index());
  }

  /** Sequence and time of the oldest message; {@link Mark#NONE} if there is none. */
  public Mark oldest() {
    return isOpen() ? search().oldest() : Mark.NONE;
  }

  /** Sequence and time of the newest message; {@link Mark#NONE} if there is none. */
  public Mark head() {
    return isOpen() ? search().head() : Mark.NONE;
  }

  private boolean anew() {
    stuck = null;
    atEnd();
    return isOpen();
  }

  /** When it reads on, checksums may be there that were not yet. */
  private void atEnd() {
    if (check != null) {
      check.lookAnew();
    }
  }

  private boolean noted(boolean found) {
    noteCycle();
    return found;
  }

  /** Whoever prunes asks where readers are: in another thread, and only now and then. */
  private void noteCycle() {
    int now = tailer.cycle();
    if (now != cycle) {
      cycle = now;
      source.readerMoved();
    }
  }

  /** The file that it reads, by its number; {@link #NOWHERE} before it moved. Any thread. */
  int cycle() {
    return cycle;
  }

  /** Where the message just read, or the next one, lies: for error messages. */
  public String place() {
    return QueueSearch.place(source, tailer);
  }

  private boolean isOpen() {
    if (tailer != null) {
      return true;
    }
    SingleChronicleQueue queue = source.queue();
    if (queue == null) {
      return false;
    }
    tailer = queue.createTailer();
    tailer.singleThreadedCheckDisabled(true);
    check = checked ? new MessageCheck(source) : null;
    return true;
  }

  private QueueSearch search() {
    if (search == null) {
      search = new QueueSearch(source, checked);
    }
    return search;
  }

  private DocumentContext next() {
    try {
      return tailer.readingDocument();
    } catch (RuntimeException | AssertionError | InternalError e) {
      stuck = new CorruptJournalException("cannot read on at " + place(), e);
      throw stuck;
    }
  }

  private int map(DocumentContext document) {
    try {
      int length = mapRecord(document, view, side);
      if (check != null) {
        check.require(tailer, document.index(), view, length);
      }
      return length;
    } catch (DamagedMessageException e) {
      stuck = e;
      throw e;
    } catch (CorruptJournalException e) {
      stuck = new CorruptJournalException(e.getMessage() + " at " + place(), e.getCause());
      throw stuck;
    }
  }

  /** Lays {@code view} over the record of a present document, and checks that it can be ours. */
  static int mapRecord(DocumentContext document, UnsafeBuffer view, Side side) {
    Bytes<?> bytes = document.wire().bytes();
    long length = bytes.readRemaining();
    if (length < side.leastLength() || length > MOST_LENGTH) {
      throw new CorruptJournalException("a record of " + length + " bytes");
    }
    try {
      long address = bytes.addressForRead(bytes.readPosition(), (int) length);
      view.wrap(address, (int) length);
      check(view, (int) length, side);
    } catch (RuntimeException | InternalError e) {
      if (e instanceof JournalException known) {
        throw known;
      }
      throw new CorruptJournalException("an unreadable record", e);
    }
    return (int) length;
  }

  private static void check(DirectBuffer record, int length, Side side) {
    int schema = record.getShort(SCHEMA_ID_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    int template = MessageLayout.templateId(record, 0);
    int block = record.getShort(BLOCK_LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    boolean fits = schema == SCHEMA_ID && MessageLayout.HEADER + block <= length;
    if (fits && !side.holds(template)) {
      NewerMessageException.requireOfThisBuild(record, side);
    }
    if (!fits || !side.holds(template)) {
      throw new CorruptJournalException(
          "a record that is no "
              + side.folder()
              + " message (schema "
              + schema
              + ", template "
              + template
              + ", block of "
              + block
              + " bytes in "
              + length
              + ")");
    }
  }

  @Override
  public void close() {
    view.wrap(0, 0);
    source.forget(this);
    if (search != null) {
      search.close();
      search = null;
    }
    if (check != null) {
      check.close();
      check = null;
    }
    if (tailer != null) {
      tailer.close();
      tailer = null;
    }
  }
}
