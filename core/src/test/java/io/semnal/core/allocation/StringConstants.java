package io.semnal.core.allocation;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Makes the string constants of all initialised classes, so that a measure of what a thread
 * allocates does not see them being made late.
 *
 * <p>HotSpot makes them, those of messages never written included, when it is first asked to
 * compile a method of a class, on the thread that asked. For a method that is inlined everywhere
 * that may be millions of calls later, after some caller's code was thrown away: 3,808 bytes for
 * {@code QuoteDecoder} alone.
 */
public final class StringConstants {
  private StringConstants() {}

  /** How many constants there are, over all classes that can be looked up by name. */
  public static int make() {
    try {
      Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
      Object theUnsafe = unsafe.getMethod("getUnsafe").invoke(null);
      Method pending = unsafe.getMethod("shouldBeInitialized", Class.class);
      Method poolOf = Class.class.getDeclaredMethod("getConstantPool");
      poolOf.setAccessible(true);
      Class<?> pool = poolOf.getReturnType();
      Method size = pool.getMethod("getSize");
      Method tag = pool.getMethod("getTagAt", int.class);
      Method string = pool.getMethod("getStringAt", int.class);
      int made = 0;
      for (String name : loaded()) {
        Class<?> type = named(name);
        // The constants of a class that is not linked yet cannot be asked for: the VM crashes.
        if ((boolean) pending.invoke(theUnsafe, type)) {
          continue;
        }
        Object constants = poolOf.invoke(type);
        int end = constants == null ? 0 : (int) size.invoke(constants);
        for (int i = 1; i < end; i++) {
          if (tag.invoke(constants, i).toString().equals("STRING")) {
            string.invoke(constants, i);
            made++;
          }
        }
      }
      return made;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Hidden classes and lambdas cannot be looked up: nothing of them has messages. */
  private static Class<?> named(String name) {
    try {
      return Class.forName(name, false, StringConstants.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      return Object.class;
    }
  }

  /** Lines such as {@code |--java.lang.Number/null}. */
  private static String[] loaded() {
    try {
      Object text =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "vmClassHierarchy",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      return text.toString()
          .lines()
          .filter(line -> line.contains("/"))
          .map(line -> line.substring(0, line.indexOf('/')).replaceAll("^[ |]*(--)?", ""))
          .toArray(String[]::new);
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
