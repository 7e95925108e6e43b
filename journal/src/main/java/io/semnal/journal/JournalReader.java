package io.semnal.journal;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.protocol.MessageLayout;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Reads a journal, also beside the server that writes it: one queue, or both with every outbound
 * message behind the inbound one that caused it. Opened for reading only, it takes no lock and
 * changes nothing. One thread at a time.
 *
 * <p>It begins at the oldest message kept. At the end, {@link #next} says {@code false} and may be
 * asked again: what a live server appends comes then.
 *
 * <pre>{@code
 * try (JournalReader reader = JournalReader.open(Path.of("data/journal"), Side.INBOUND)) {
 *   reader.seek(Instant.parse("2026-01-14T13:30:00Z"));
 *   QuoteDecoder quote = new QuoteDecoder();
 *   MessageHeaderDecoder header = new MessageHeaderDecoder();
 *   while (reader.next((buffer, offset, length) -> {
 *     if (MessageLayout.templateId(buffer, offset) == QuoteDecoder.TEMPLATE_ID) {
 *       quote.wrapAndApplyHeader(buffer, offset, header);
 *     }
 *   })) {}
 * }
 * }</pre>
 */
public final class JournalReader implements AutoCloseable {
  private final JournalDirectory journal;
  private final boolean ownsJournal;
  private final QueueReader first;
  private final QueueReader outbound;
  private final MessageDecoding decoding = new MessageDecoding();
  private final MutableDirectBuffer held = new ExpandableDirectByteBuffer(512);
  private final MessageHandler holding = this::hold;
  private final MessageHandler passing = this::pass;
  private int heldLength;
  private long passed;
  private Side side;
  private MessageHandler target;

  private JournalReader(JournalDirectory journal, boolean owns, Side only) {
    this.journal = journal;
    ownsJournal = owns;
    side = only == null ? Side.INBOUND : only;
    first = journal.reader(side);
    outbound = only == null ? journal.outboundReader() : null;
  }

  /**
   * One queue of a journal.
   *
   * @throws JournalException if there is no journal at {@code path}
   */
  public static JournalReader open(Path path, Side side) {
    return new JournalReader(JournalDirectory.openReadOnly(path), true, side);
  }

  /**
   * Both queues, each outbound message right behind the inbound messages up to its cause.
   *
   * @throws JournalException if there is no journal at {@code path}
   */
  public static JournalReader openBoth(Path path) {
    return new JournalReader(JournalDirectory.openReadOnly(path), true, null);
  }

  /**
   * A reader of a journal that is open already, and stays open.
   *
   * @param side {@code null} = inbound and outbound
   */
  public static JournalReader of(JournalDirectory journal, Side side) {
    return new JournalReader(journal, false, side);
  }

  /**
   * Positions before the first message of that engine time or later, in O(log n).
   *
   * @return whether there is such a message now; if not, the position is the end
   */
  public boolean seek(Instant time) {
    return seekToTime(
        Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano()));
  }

  /** As {@link #seek}, in UTC nanoseconds since the epoch. */
  public boolean seekToTime(long time) {
    forget();
    boolean found = first.seekToTime(time);
    return outbound == null ? found : outbound.seekToTime(time) || found;
  }

  /**
   * Positions before the first message of that sequence or a higher one: {@code journalSeq}, {@code
   * outSeq} where only that queue is read. Of both queues, at {@code journalSeq} and what it
   * caused.
   *
   * @return whether there is such a message now; if not, the position is the end
   */
  public boolean seekToSequence(long sequence) {
    forget();
    boolean found = first.seekToSequence(sequence);
    if (outbound != null) {
      outbound.seekToCause(sequence);
    }
    return found;
  }

  /** Positions before the oldest message kept. */
  public void seekToStart() {
    forget();
    first.seekToStart();
    if (outbound != null) {
      outbound.seekToStart();
    }
  }

  /** Sequence and time of the newest message: of inbound where both queues are read. */
  public Mark head() {
    return first.head();
  }

  /** Positions behind the newest message, to follow what comes. */
  public void seekToEnd() {
    forget();
    first.seekToSequence(Long.MAX_VALUE);
    if (outbound != null) {
      outbound.seekToSequence(Long.MAX_VALUE);
    }
  }

  /**
   * Hands over the next message, for a generated decoder to wrap. The buffer is valid during the
   * call only, and must not be written to. Allocates nothing.
   *
   * @return {@code false} if there is none yet
   * @throws CorruptJournalException naming file and place
   */
  public boolean next(MessageHandler handler) {
    target = handler;
    if (outbound == null) {
      return first.readNext(passing);
    }
    if (heldLength == 0) {
      outbound.readNext(holding);
    }
    if (heldLength > 0 && MessageLayout.causeSeq(held, 0) <= passed) {
      return passHeld();
    }
    side = Side.INBOUND;
    if (first.readNext(passing)) {
      return true;
    }
    // Its cause was lost, or lies before the position: it is read all the same.
    return heldLength > 0 && passHeld();
  }

  /** The queue of the message that was handed over last. */
  public Side side() {
    return side;
  }

  /** The next message decoded, or empty if there is none yet. Some 10 µs a message. */
  public Optional<DecodedMessage> nextDecoded() {
    DecodedMessage[] message = {null};
    next((buffer, offset, n) -> message[0] = DecodedMessage.of(decoding, side, buffer, offset));
    return Optional.ofNullable(message[0]);
  }

  /** What is there now, decoded one by one, from the position to the present end. */
  public Stream<DecodedMessage> stream() {
    Iterable<DecodedMessage> rest = DecodedMessages::new;
    return StreamSupport.stream(rest.spliterator(), false);
  }

  private final class DecodedMessages implements Iterator<DecodedMessage> {
    private DecodedMessage next;

    @Override
    public boolean hasNext() {
      if (next == null) {
        next = nextDecoded().orElse(null);
      }
      return next != null;
    }

    @Override
    public DecodedMessage next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      DecodedMessage message = next;
      next = null;
      return message;
    }
  }

  private void forget() {
    heldLength = 0;
    passed = 0;
  }

  private void hold(DirectBuffer buffer, int offset, int length) {
    held.putBytes(0, buffer, offset, length);
    heldLength = length;
  }

  private void pass(DirectBuffer buffer, int offset, int length) {
    passed = side.sequence(buffer, offset);
    target.onMessage(buffer, offset, length);
  }

  private boolean passHeld() {
    int length = heldLength;
    heldLength = 0;
    side = Side.OUTBOUND;
    target.onMessage(held, 0, length);
    return true;
  }

  @Override
  public void close() {
    first.close();
    if (outbound != null) {
      outbound.close();
    }
    if (ownsJournal) {
      journal.close();
    }
  }
}
