package io.semnal.inference.engine;

import java.util.HashMap;
import java.util.Map;

/** Ids of one kind of thing: given at first definition, from 1, never reused. */
final class Identities {
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

  /** The id of a name, or 0. */
  int find(String name) {
    return ids.getOrDefault(name, 0);
  }

  /** The name of an id, or {@code null}. */
  String name(int id) {
    return names.get(id);
  }
}
