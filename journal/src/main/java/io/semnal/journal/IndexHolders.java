package io.semnal.journal;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import net.openhft.chronicle.queue.ExcerptAppender;

/**
 * Holds on to what the vendor's queue makes of an index for the thread that appends: it is held
 * there by weak references only, so that every garbage collection would have the appender make it
 * anew, 240 bytes on the hot thread. The appender's thread only.
 */
final class IndexHolders {
  /** Two, for one file of the queue and one thread. */
  private final Object[] held = new Object[2];

  private final ExcerptAppender appender;
  private final Field store;
  private Field indexing;
  private Method first;
  private Method second;
  private Thread thread;
  private int cycle;

  IndexHolders(ExcerptAppender appender) {
    this.appender = appender;
    try {
      store = open(appender.getClass().getDeclaredField("store"));
    } catch (NoSuchFieldException e) {
      throw otherLibrary(e);
    }
  }

  /** Behind each append: does something for a new file or a new thread only. */
  void appended() {
    if (cycle != appender.cycle() || thread != Thread.currentThread()) {
      hold();
    }
  }

  private void hold() {
    try {
      Object file = store.get(appender);
      if (indexing == null) {
        indexing = open(file.getClass().getDeclaredField("indexing"));
        first = open(indexing.getType().getDeclaredMethod("getIndex2IndexArray"));
        second = open(indexing.getType().getDeclaredMethod("getIndexArray"));
      }
      Object index = indexing.get(file);
      held[0] = first.invoke(index);
      held[1] = second.invoke(index);
    } catch (ReflectiveOperationException e) {
      throw otherLibrary(e);
    }
    cycle = appender.cycle();
    thread = Thread.currentThread();
  }

  private static Field open(Field field) {
    field.setAccessible(true);
    return field;
  }

  private static Method open(Method method) {
    method.setAccessible(true);
    return method;
  }

  private static IllegalStateException otherLibrary(ReflectiveOperationException e) {
    Throwable cause =
        e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
    return new IllegalStateException(
        "this is not the Chronicle Queue that was built against", cause);
  }
}
