package io.semnal.gateway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.semnal.gateway.OutboundHistory;
import io.semnal.gateway.json.JsonMessages;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.agrona.DirectBuffer;

/**
 * One page out of the outbound journal: the messages that pass, in order, until so many were found
 * or so many looked at. A cold thread makes and reads it.
 */
final class HistoryPage {
  /** Messages looked at for one page; some tens of milliseconds. */
  static final int MOST_SCANNED = 200_000;

  /** What goes onto a page. */
  interface Selection {
    boolean passes(DirectBuffer buffer, int offset);

    /** Whether nothing after this message can pass. */
    boolean isOver(DirectBuffer buffer, int offset);
  }

  private final OutboundHistory history;
  private final Reach reach;
  private final long oldest;
  private final JsonMessages messages;
  private final boolean features;
  private long last;
  private int found;
  private boolean over;

  /**
   * @param oldest {@code outSeq} from which on the journal has all that may pass: of what lies
   *     before, it may have some, which is left out
   * @param features whether signals come with their feature values
   */
  HistoryPage(
      OutboundHistory history, Reach reach, long oldest, Catalogue names, boolean features) {
    this.history = history;
    this.reach = reach;
    this.oldest = Math.max(oldest, reach.oldest());
    messages = new JsonMessages(names);
    this.features = features;
  }

  /**
   * Writes {@code name: [...], next, oldest, head}: {@code next} is the cursor of the next page, or
   * null where there can be none but of what is published later. {@code head} is the last message
   * that the key may see just now.
   *
   * @param after exclusive; negative = from {@code from} on
   * @param from engine time
   */
  void write(JsonGenerator out, String name, long after, long from, int limit, Selection selection)
      throws IOException {
    out.writeArrayFieldStart(name);
    last = Math.max(after, 0);
    boolean ended = true;
    try (OutboundHistory.Cursor cursor = open(after, from)) {
      for (int scanned = 0; !over; scanned++) {
        if (found == limit || scanned == MOST_SCANNED) {
          ended = false;
          break;
        }
        if (!cursor.readNext((buffer, offset, length) -> take(out, selection, buffer, offset))) {
          break;
        }
      }
    }
    out.writeEndArray();
    if (ended) {
      out.writeNullField("next");
    } else {
      out.writeStringField("next", Long.toString(last));
    }
    out.writeStringField("oldest", Long.toString(oldest));
    out.writeStringField("head", Long.toString(reach.head()));
  }

  private OutboundHistory.Cursor open(long after, long from) {
    if (after >= 0) {
      return history.open(after);
    }
    return reach.oldest() > 1 ? history.open(reach.oldest() - 1) : history.openAt(from);
  }

  private void take(JsonGenerator out, Selection selection, DirectBuffer buffer, int offset) {
    if (reach.isTooYoung(buffer, offset)) {
      over = true;
      return;
    }
    last = MessageLayout.outSeq(buffer, offset);
    over = selection.isOver(buffer, offset);
    if (last >= oldest && selection.passes(buffer, offset)) {
      int length = messages.encode(buffer, offset, features);
      try {
        Json.raw(out, messages.bytes(), length);
      } catch (IOException e) {
        throw new UncheckedIOException("writing to memory failed", e);
      }
      found++;
    }
  }
}
