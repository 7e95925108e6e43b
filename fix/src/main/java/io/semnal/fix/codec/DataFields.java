package io.semnal.fix.codec;

/** The fields whose value may hold separators, and the length fields that precede them. */
public final class DataFields {
  /** Length tag, data tag, and so on. */
  private static final int[] PAIRS = {
    90, 91, 93, 89, 95, 96, 212, 213, 348, 349, 350, 351, 352, 353, 354, 355, 356, 357, 358, 359,
    360, 361, 362, 363, 364, 365, 445, 446, 618, 619, 621, 622, 1184, 1185, 1277, 1278, 1280, 1281,
    1282, 1283, 1397, 1398, 1401, 1402, 1403, 1404, 1468, 1469
  };

  private static final int TABLE = 2048;
  private static final short[] DATA = table();

  private DataFields() {}

  private static short[] table() {
    short[] table = new short[TABLE];
    for (int i = 0; i < PAIRS.length; i += 2) {
      table[PAIRS[i]] = (short) PAIRS[i + 1];
    }
    return table;
  }

  /** Whether it states the length of the data field that follows it. */
  public static boolean isLength(int tag) {
    return dataOf(tag) != 0;
  }

  /** The data field whose length that tag states; 0: none. */
  public static int dataOf(int lengthTag) {
    return lengthTag > 0 && lengthTag < TABLE ? DATA[lengthTag] : 0;
  }
}
