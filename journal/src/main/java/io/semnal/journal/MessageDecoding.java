package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;

/**
 * Turns any message of the schema into names and values, by what the generated decoders say of
 * themselves: fields, then groups, then variable data, in the schema's order. For reading by people
 * and scripts: some 10 µs a message.
 *
 * <p>Prices and quantities become exact decimals, times {@link Instant}s, sets lists of the names
 * that are set, hashes hex text, groups lists of maps; what is absent is {@code null}.
 */
final class MessageDecoding {
  /**
   * Fields of the schema's type Price: a mantissa of 10^-8. A test holds the list to the schema.
   */
  static final Set<String> PRICES =
      Set.of(
          "ask",
          "askClose",
          "askHigh",
          "askLow",
          "askOpen",
          "bid",
          "bidClose",
          "bidHigh",
          "bidLow",
          "bidOpen",
          "entry",
          "pip",
          "price",
          "spreadMax",
          "spreadMin",
          "stopLoss",
          "takeProfit");

  /** Fields of the type Quantity: a mantissa of 10^-2. */
  static final Set<String> QUANTITIES = Set.of("askSize", "bidSize");

  /** Fields of the type UTCTimestampNanos. */
  static final Set<String> TIMES =
      Set.of(
          "clientSend",
          "closeTime",
          "deadline",
          "eventTime",
          "expiration",
          "openTime",
          "receiveTime",
          "serverReceive",
          "serverSend",
          "time",
          "until",
          "wallTime");

  private static final int QUANTITY_DECIMALS = 2;
  private static final long NANOS = 1_000_000_000L;
  private final Map<Class<?>, List<Item>> items = new HashMap<>();

  /** Reads one named part of a decoder that stands where the part begins. */
  private interface Read {
    Object of(Object decoder) throws ReflectiveOperationException;
  }

  private record Item(String name, long id, Read read) {}

  /** Names and values of a message, in the schema's order; empty for an unknown template. */
  Map<String, Object> decode(DirectBuffer message, int offset) {
    Class<?> type = MessageFields.type(MessageLayout.templateId(message, offset));
    if (type == null) {
      return Map.of();
    }
    try {
      MessageDecoderFlyweight decoder = MessageFields.decoder(type, message, offset);
      return values(decoder);
    } catch (InvocationTargetException e) {
      throw new CorruptJournalException("a message that cannot be decoded: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is not as generated", e);
    }
  }

  private Map<String, Object> values(Object decoder) throws ReflectiveOperationException {
    List<Item> parts = items.get(decoder.getClass());
    if (parts == null) {
      parts = itemsOf(decoder.getClass());
      items.put(decoder.getClass(), parts);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Item item : parts) {
      values.put(item.name, item.read.of(decoder));
    }
    return values;
  }

  private List<Item> itemsOf(Class<?> type) throws ReflectiveOperationException {
    List<Item> found = new ArrayList<>();
    for (Method method : type.getMethods()) {
      String name = method.getName();
      if (!Modifier.isStatic(method.getModifiers()) || method.getParameterCount() > 0) {
        continue;
      }
      if (name.endsWith("DecoderId")) {
        String group = cut(name, "DecoderId");
        Method open = type.getMethod(group);
        found.add(new Item(group, id(method), d -> rows(open.invoke(d))));
      } else if (name.endsWith("EncodingOffset")) {
        String field = cut(name, "EncodingOffset");
        found.add(new Item(field, id(type.getMethod(field + "Id")), field(type, field)));
      } else if (name.endsWith("HeaderLength")) {
        String data = cut(name, "HeaderLength");
        found.add(new Item(data, id(type.getMethod(data + "Id")), data(type, data)));
      }
    }
    found.sort(Comparator.comparingLong(Item::id));
    return List.copyOf(found);
  }

  private static String cut(String name, String end) {
    return name.substring(0, name.length() - end.length());
  }

  private static long id(Method constant) throws ReflectiveOperationException {
    return ((Number) constant.invoke(null)).longValue();
  }

  private List<Map<String, Object>> rows(Object group) throws ReflectiveOperationException {
    Method hasNext = group.getClass().getMethod("hasNext");
    Method next = group.getClass().getMethod("next");
    List<Map<String, Object>> rows = new ArrayList<>();
    while ((boolean) hasNext.invoke(group)) {
      next.invoke(group);
      rows.add(values(group));
    }
    return rows;
  }

  private static Read field(Class<?> type, String name) {
    Method plain = find(type, name);
    if (plain == null) {
      Method length = find(type, name + "Length");
      Method element = find(type, name, int.class);
      return d -> {
        byte[] bytes = new byte[(int) length.invoke(null)];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = ((Number) element.invoke(d, i)).byteValue();
        }
        return HexFormat.of().formatHex(bytes);
      };
    }
    if (find(plain.getReturnType(), "isEmpty") != null && plain.getReturnType() != String.class) {
      List<Method> choices = choices(plain.getReturnType());
      return d -> namesSet(plain.invoke(d), choices);
    }
    return d -> value(name, plain.invoke(d));
  }

  private static List<Method> choices(Class<?> set) {
    List<Method> choices = new ArrayList<>();
    for (Method method : set.getMethods()) {
      if (method.getReturnType() == boolean.class
          && method.getParameterCount() == 0
          && method.getDeclaringClass() == set
          && !method.getName().equals("isEmpty")) {
        choices.add(method);
      }
    }
    choices.sort(Comparator.comparing(Method::getName));
    return choices;
  }

  private static List<String> namesSet(Object set, List<Method> choices)
      throws ReflectiveOperationException {
    List<String> names = new ArrayList<>();
    for (Method choice : choices) {
      if ((boolean) choice.invoke(set)) {
        names.add(choice.getName());
      }
    }
    return names;
  }

  private static Object value(String name, Object raw) {
    if (raw instanceof Enum<?> constant) {
      return switch (constant.name()) {
        case "NULL_VAL" -> null;
        case "T" -> true;
        case "F" -> false;
        default -> constant.name();
      };
    }
    if (raw instanceof Long number) {
      if (PRICES.contains(name)) {
        return decimal(number, MessageLayout.PRICE_DECIMALS);
      }
      if (QUANTITIES.contains(name)) {
        return decimal(number, QUANTITY_DECIMALS);
      }
      if (TIMES.contains(name)) {
        return number == MessageLayout.ABSENT
            ? null
            : Instant.ofEpochSecond(Math.floorDiv(number, NANOS), Math.floorMod(number, NANOS));
      }
    }
    return raw;
  }

  private static BigDecimal decimal(long mantissa, int decimals) {
    if (mantissa == MessageLayout.ABSENT) {
      return null;
    }
    BigDecimal exact = BigDecimal.valueOf(mantissa, decimals).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }

  private static Read data(Class<?> type, String name) {
    Method text = find(type, name);
    if (text != null) {
      return d -> text.invoke(d);
    }
    String capital = Character.toUpperCase(name.charAt(0)) + name.substring(1);
    Method length = find(type, name + "Length");
    Method get = find(type, "get" + capital, byte[].class, int.class, int.class);
    return d -> {
      byte[] bytes = new byte[(int) length.invoke(d)];
      get.invoke(d, bytes, 0, bytes.length);
      return name.equals("features") ? floats(bytes) : HexFormat.of().formatHex(bytes);
    };
  }

  /** The values that a signal was scored from: float32, little endian. */
  private static List<Float> floats(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Float> values = new ArrayList<>();
    while (buffer.remaining() >= Float.BYTES) {
      values.add(buffer.getFloat());
    }
    return values;
  }

  private static Method find(Class<?> type, String name, Class<?>... parameters) {
    try {
      return type.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
