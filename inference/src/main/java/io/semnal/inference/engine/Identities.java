package io.semnal.inference.engine;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ids of one kind of thing: given at first definition, from 1, never reused. */
final class Identities implements Stateful {
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();
  private int last;

  /** Takes over what an earlier run defined. */
  void learn(String name, int id) {
    ids.put(name, id);
    names.put(id, name);
    last = Math.max(last, id);
  }

  /** The id of a name, given now if it has none. */
  int define(String name) {
    Integer known = ids.get(name);
    if (known != null) {
      return known;
    }
    learn(name, last + 1);
    return last;
  }

  @Override
  public void state(StateVisitor s) {
    List<String> sorted = new ArrayList<>(ids.keySet());
    sorted.sort(Comparator.<String>comparingInt(ids::get).thenComparing(name -> name));
    int count = s.count(sorted.size());
    for (int i = 0; i < count; i++) {
      String name = s.isReading() ? s.of("") : s.of(sorted.get(i));
      learn(name, s.of(ids.getOrDefault(name, 0)));
    }
  }

  /** The id of a name, or 0. */
  int find(String name) {
    return ids.getOrDefault(name, 0);
  }

  /** The name of an id, or {@code null}. */
  String name(int id) {
    return names.get(id);
  }
}
