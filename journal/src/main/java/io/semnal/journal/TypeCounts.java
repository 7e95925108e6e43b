package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * How many messages of which type stand in a queue of a journal, from the oldest to the newest.
 *
 * @param side the queue
 * @param oldest sequence and time of the oldest message kept
 * @param head sequence and time of the newest message
 * @param types by name, the most frequent first
 */
public record TypeCounts(Side side, Mark oldest, Mark head, List<Count> types) {
  public TypeCounts {
    types = List.copyOf(types);
  }

  /**
   * @param bytes of the messages alone
   */
  public record Count(String type, long messages, long bytes) {}

  /** Reads a queue once. */
  public static TypeCounts of(JournalDirectory journal, Side side, Progress progress) {
    Int2ObjectHashMap<long[]> counts = new Int2ObjectHashMap<>();
    try (QueueReader reader = journal.reader(side)) {
      Mark head = reader.head();
      long[] done = {0};
      while (reader.readNext(
          (buffer, offset, length) -> {
            long[] count =
                counts.computeIfAbsent(
                    MessageLayout.templateId(buffer, offset), template -> new long[2]);
            count[0]++;
            count[1] += length;
            if ((++done[0] & (Progress.EVERY - 1)) == 0) {
              progress.at(
                  "counting " + side.folder(), side.sequence(buffer, offset), head.sequence());
            }
          })) {
        // To the end.
      }
      List<Count> types = new ArrayList<>();
      counts.forEach(
          (template, count) ->
              types.add(new Count(MessageFields.templateName(template), count[0], count[1])));
      types.sort(Comparator.comparingLong(Count::messages).reversed().thenComparing(Count::type));
      return new TypeCounts(side, reader.oldest(), reader.head(), types);
    }
  }

  /** Of all types. */
  public long messages() {
    return types.stream().mapToLong(Count::messages).sum();
  }
}
