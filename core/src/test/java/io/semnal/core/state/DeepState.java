package io.semnal.core.state;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;

/**
 * Compares two objects field by field, to the last bit and as deep as they go, whatever their
 * classes say of themselves: what a restored object lacks is found without a test of its own.
 *
 * <p>References must lead to the same shape: where one object is met twice, so is its counterpart.
 */
public final class DeepState {
  /** A path to two values that differ. */
  private record Pair(String path, Object one, Object other) {}

  private final Map<String, String> excluded;
  private final Set<String> used = new TreeSet<>();
  private final Set<Class<?>> seen = new java.util.LinkedHashSet<>();
  private final Map<Object, Object> counterparts = new IdentityHashMap<>();
  private final List<String> differences = new ArrayList<>();
  private final java.util.ArrayDeque<Pair> open = new java.util.ArrayDeque<>();

  /**
   * @param excluded {@code Class.field} or {@code Class} (simple names), or a package, with the
   *     reason why it is no state
   */
  public DeepState(Map<String, String> excluded) {
    this.excluded = excluded;
  }

  /** Paths of what differs, at most a few dozen. */
  public List<String> differences(Object one, Object other) {
    counterparts.clear();
    differences.clear();
    open.add(new Pair("", one, other));
    while (!open.isEmpty() && differences.size() < 40) {
      Pair pair = open.poll();
      compare(pair.path, pair.one, pair.other);
    }
    open.clear();
    return List.copyOf(differences);
  }

  /** Exclusions that met no field so far: wrong, or out of date. */
  public Set<String> unused() {
    Set<String> unused = new TreeSet<>(excluded.keySet());
    unused.removeAll(used);
    return unused;
  }

  /** Classes whose objects were compared field by field. */
  public Set<Class<?>> seen() {
    return seen;
  }

  private void compare(String path, Object one, Object other) {
    if (one == null || other == null || isValue(one)) {
      if (!Objects.equals(one, other)) {
        differ(path, one, other);
      }
      return;
    }
    if (isExcluded(one.getClass()) || isForeign(one)) {
      return;
    }
    if (one.getClass() != other.getClass()) {
      differ(path, one.getClass(), other.getClass());
      return;
    }
    Object known = counterparts.putIfAbsent(one, other);
    if (known != null) {
      if (known != other) {
        differ(path, "an object met before", "another one");
      }
      return;
    }
    switch (one) {
      case Map<?, ?> map -> compareMaps(path, map, (Map<?, ?>) other);
      case Collection<?> all -> compareElements(path, all, (Collection<?>) other);
      case AtomicLongArray longs -> {
        if (!longs.toString().equals(other.toString())) {
          differ(path, longs, other);
        }
      }
      default -> {
        if (one.getClass().isArray()) {
          compareArrays(path, one, other);
        } else {
          compareFields(path, one, other);
        }
      }
    }
  }

  /** What is equal if it says so. */
  private static boolean isValue(Object o) {
    return o instanceof String
        || o instanceof Number && !(o instanceof AtomicLongArray)
        || o instanceof Boolean
        || o instanceof Character
        || o instanceof Enum
        || o instanceof java.util.Optional
        || o instanceof Class;
  }

  /** Code, or memory whose contents are scratch. */
  private static boolean isForeign(Object o) {
    return o.getClass().isHidden()
        || o.getClass().isSynthetic()
        || o instanceof MemorySegment
        || o instanceof DirectBuffer;
  }

  private boolean isExcluded(Class<?> type) {
    for (String name : List.of(type.getSimpleName(), type.getPackageName())) {
      if (excluded.containsKey(name)) {
        used.add(name);
        return true;
      }
    }
    return false;
  }

  private void compareMaps(String path, Map<?, ?> one, Map<?, ?> other) {
    if (!one.keySet().equals(other.keySet())) {
      differ(path, one.keySet(), other.keySet());
      return;
    }
    one.forEach((key, value) -> open.add(new Pair(path + "." + key, value, other.get(key))));
  }

  private void compareElements(String path, Collection<?> one, Collection<?> other) {
    if (one.size() != other.size()) {
      differ(path + ".size", one.size(), other.size());
      return;
    }
    Iterator<?> others = other.iterator();
    int i = 0;
    for (Object element : one) {
      open.add(new Pair(path + "[" + i++ + "]", element, others.next()));
    }
  }

  private void compareArrays(String path, Object one, Object other) {
    int length = Array.getLength(one);
    if (length != Array.getLength(other)) {
      differ(path + ".length", length, Array.getLength(other));
      return;
    }
    for (int i = 0; i < length; i++) {
      Object a = Array.get(one, i);
      Object b = Array.get(other, i);
      if (!one.getClass().getComponentType().isPrimitive()) {
        open.add(new Pair(path + "[" + i + "]", a, b));
      } else if (!a.equals(b)) {
        differ(path + "[" + i + "]", a, b);
      }
    }
  }

  private void compareFields(String path, Object one, Object other) {
    Class<?> type = one.getClass();
    for (; type != Object.class && type != Record.class; type = type.getSuperclass()) {
      if (type.getPackageName().startsWith("java")) {
        throw new IllegalStateException(path + ": how are objects of " + type + " compared?");
      }
      seen.add(type);
      for (Field field : type.getDeclaredFields()) {
        String name = type.getSimpleName() + "." + field.getName();
        if (Modifier.isStatic(field.getModifiers())) {
          continue;
        }
        if (excluded.containsKey(name)) {
          used.add(name);
          continue;
        }
        field.setAccessible(true);
        String at = path + "/" + name;
        try {
          Object a = field.get(one);
          Object b = field.get(other);
          if (!field.getType().isPrimitive()) {
            open.add(new Pair(at, a, b));
          } else if (!a.equals(b)) {
            differ(at, a, b);
          }
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(at, e);
        }
      }
    }
  }

  private void differ(String path, Object one, Object other) {
    differences.add(path + ": " + one + " != " + other);
  }
}
