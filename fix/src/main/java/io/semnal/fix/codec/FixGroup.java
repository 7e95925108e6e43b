package io.semnal.fix.codec;

/**
 * A cursor over a repeating group's entries, whatever the order of the fields inside one: the first
 * field after the count is the delimiter with which each entry begins. Reused: {@link #open} sets
 * it anew. One thread.
 *
 * <pre>{@code
 * group.open(message, Tag.NO_MD_ENTRIES);
 * while (group.next()) {
 *   long price = group.decimal(Tag.MD_ENTRY_PX);
 * }
 * }</pre>
 */
public final class FixGroup {
  private FixMessage message;
  private TagSet members;
  private int delimiter;
  private int declared;
  private int seen;
  private int start;
  private int end;
  private int limit;

  /**
   * Goes before the first entry. The last entry reaches to the message's end, as nothing says where
   * it ends otherwise.
   *
   * @return entries declared; 0: none, or no such group, or a count that is no number
   */
  public int open(FixMessage source, int countTag) {
    return open(source, countTag, 0, source.fieldCount(), null);
  }

  /**
   * The same for a group whose tags are known: the first other tag ends it.
   *
   * @param tags of the group and of the groups inside it
   */
  public int open(FixMessage source, int countTag, TagSet tags) {
    return open(source, countTag, 0, source.fieldCount(), tags);
  }

  /** Opens a group inside another's current entry. */
  public int open(FixGroup outer, int countTag) {
    return open(outer.message, countTag, outer.start, outer.end, null);
  }

  private int open(FixMessage source, int countTag, int from, int to, TagSet tags) {
    message = source;
    members = tags;
    seen = 0;
    limit = to;
    int count = source.find(countTag, from, to);
    long stated = source.integerAt(count);
    start = count + 1;
    end = start;
    boolean any = stated > 0 && start < to;
    declared = stated > 0 ? (int) Math.min(stated, Integer.MAX_VALUE) : 0;
    delimiter = any ? source.tag(start) : 0;
    return declared;
  }

  /** Goes to the next entry; false: there is none. */
  public boolean next() {
    if (seen >= declared || end >= limit || message.tag(end) != delimiter) {
      return false;
    }
    seen++;
    start = end;
    int at = start + 1;
    while (at < limit && message.tag(at) != delimiter && isMember(message.tag(at))) {
      at++;
    }
    end = at;
    return true;
  }

  private boolean isMember(int tag) {
    return members == null || members.contains(tag);
  }

  /** Entries that {@link #next} went to. */
  public int seen() {
    return seen;
  }

  /** Entries that the count declares. */
  public int declared() {
    return declared;
  }

  /** The index in the message of the entry's field of that tag; −1: it has none. */
  public int find(int tag) {
    return message.find(tag, start, end);
  }

  public boolean has(int tag) {
    return find(tag) >= 0;
  }

  /** The index of the entry's first field. */
  public int start() {
    return start;
  }

  /** The index behind the entry's last field. */
  public int end() {
    return end;
  }

  /** See {@link FixMessage#integer}. */
  public long integer(int tag) {
    return message.integerAt(find(tag));
  }

  /** See {@link FixMessage#decimal}. */
  public long decimal(int tag) {
    return message.decimalAt(find(tag));
  }

  /** See {@link FixMessage#timestamp}. */
  public long timestamp(int tag) {
    return message.timestampAt(find(tag));
  }

  /** See {@link FixMessage#character}. */
  public char character(int tag) {
    return message.characterAt(find(tag));
  }

  /** See {@link FixMessage#text}. */
  public String text(int tag) {
    return message.textAt(find(tag));
  }
}
