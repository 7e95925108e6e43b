package io.semnal.core.source;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Sources of quotes: their ids, given at first definition in the journal, and the last journaled
 * {@code sourceSeq} of each. Any thread reads; ids are given under this object's lock; progress is
 * written by the Ingress only.
 */
public final class SourceRegistry {
  /** Most sources that one journal can know. */
  public static final int MOST = 1024;

  private final List<String> names = new CopyOnWriteArrayList<>();
  private final AtomicLongArray lastSeq = new AtomicLongArray(MOST + 1);

  private volatile Runnable settling = () -> {};

  /**
   * What has to be done before a source is told how far it is journaled: have the disk written,
   * where that is wanted. Before any thread runs.
   */
  public void settleBy(Runnable how) {
    settling = how;
  }

  /** Returns when what {@link #lastSeq} has said before may be told. Any thread. */
  public void settle() {
    settling.run();
  }

  /** The id of a name, or 0. */
  public int find(String name) {
    return names.indexOf(name) + 1;
  }

  /** The name of an id, or a question mark. */
  public String name(int id) {
    return id >= 1 && id <= names.size() ? names.get(id - 1) : "?";
  }

  public int count() {
    return names.size();
  }

  /** Takes a definition from the journal, or gives the next id. */
  public synchronized int define(String name) {
    int known = find(name);
    if (known != 0) {
      return known;
    }
    if (names.size() == MOST) {
      throw new IllegalStateException("more than " + MOST + " sources");
    }
    names.add(name);
    return names.size();
  }

  public boolean isDefined(int id) {
    return id >= 1 && id <= names.size();
  }

  /** The last {@code sourceSeq} of the source that stands in the journal; 0 = none. */
  public long lastSeq(int id) {
    return lastSeq.get(id);
  }

  /** Ingress, or recovery before it starts. */
  public void journaled(int id, long sourceSeq) {
    lastSeq.setRelease(id, sourceSeq);
  }
}
