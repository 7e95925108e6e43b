package io.semnal.feed.fix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.semnal.protocol.MessageLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The book against maps of entries that are looked through whole. */
class DepthBookTest {
  private static final long ABSENT = MessageLayout.ABSENT;

  private record Entry(long price, long size) {}

  /** Entries by id, or by price where there is none, as a person would keep them. */
  private static final class NaiveBook {
    final List<Map<Object, Entry>> sides = List.of(new HashMap<>(), new HashMap<>());

    void put(int side, Object key, long price, long size) {
      Entry before = sides.get(side).get(key);
      if (before == null && price == ABSENT) {
        return;
      }
      sides
          .get(side)
          .put(
              key,
              new Entry(
                  price == ABSENT ? Objects.requireNonNull(before).price : price,
                  size == ABSENT && before != null ? before.size : size));
    }

    long best(int side) {
      return sides.get(side).values().stream()
          .mapToLong(Entry::price)
          .reduce((a, b) -> side == DepthBook.BID ? Math.max(a, b) : Math.min(a, b))
          .orElse(ABSENT);
    }

    long sizeAt(int side, long price) {
      List<Long> sizes = new ArrayList<>();
      sides.get(side).values().stream()
          .filter(e -> e.price == price && e.size != ABSENT)
          .forEach(e -> sizes.add(e.size));
      return sizes.isEmpty() ? ABSENT : sizes.stream().mapToLong(Long::longValue).sum();
    }
  }

  @Property(tries = 300)
  void bestPricesAndTheirSizesAreThoseOfANaiveBook(
      @ForAll @Size(max = 200) List<@IntRange(max = 99_999) Integer> steps) {
    DepthBook book = new DepthBook();
    NaiveBook naive = new NaiveBook();
    for (int step : steps) {
      int side = step % 2;
      int action = step / 2 % 5;
      int id = step / 10 % 7;
      long price = 100 + step / 70 % 12;
      long size = step / 840 % 4 == 0 ? ABSENT : step / 840 % 9;
      // Ids 0 to 3 are ids of different lengths, the rest goes by price.
      String name = id < 4 ? "entry".substring(0, id + 1) + id : "";
      byte[] bytes = (".." + name).getBytes(StandardCharsets.ISO_8859_1);
      UnsafeBuffer buffer = new UnsafeBuffer(bytes);
      Object key = name.isEmpty() ? (Object) price : name;
      switch (action) {
        case 0 -> {
          boolean removed = book.remove(side, buffer, 2, name.length(), price);
          assertEquals(naive.sides.get(side).remove(key) != null, removed);
        }
        case 1 -> {
          if (!name.isEmpty()) {
            book.remove(buffer, 2, name.length());
            naive.sides.forEach(entries -> entries.remove(key));
          }
        }
        case 2 -> {
          if (!name.isEmpty()) {
            book.put(side, buffer, 2, name.length(), ABSENT, size);
            naive.put(side, key, ABSENT, size);
          }
        }
        default -> {
          book.put(side, buffer, 2, name.length(), price, size);
          naive.put(side, key, price, size);
        }
      }
      long bid = naive.best(DepthBook.BID);
      long ask = naive.best(DepthBook.ASK);
      assertEquals(bid, book.bid());
      assertEquals(ask, book.ask());
      assertEquals(naive.sizeAt(DepthBook.BID, bid), book.bidSize(bid));
      assertEquals(naive.sizeAt(DepthBook.ASK, ask), book.askSize(ask));
      assertEquals(naive.sides.get(0).size() + naive.sides.get(1).size(), book.entries());
    }
  }

  @Test
  void aVenueCannotMakeTheBookGrowForEver() {
    DepthBook book = new DepthBook();
    UnsafeBuffer none = new UnsafeBuffer(new byte[100]);
    for (int i = 1; i <= DepthBook.MOST; i++) {
      book.put(DepthBook.BID, none, 0, 0, i, 1);
    }
    assertFalse(book.put(DepthBook.BID, none, 0, 0, DepthBook.MOST + 1, 1));
    assertFalse(book.put(DepthBook.ASK, none, 0, DepthBook.LONGEST_ID + 1, 5, 1));
    assertEquals(DepthBook.MOST, book.entries());
  }
}
