package io.semnal.fix.codec;

import java.util.Arrays;

/** An immutable set of tag numbers that is asked without allocation. */
public final class TagSet {
  /** Contains no tag. */
  public static final TagSet EMPTY = new TagSet(new int[0]);

  private static final int LARGEST = 1 << 16;

  private final long[] bits;

  private TagSet(int[] tags) {
    int largest = 0;
    for (int tag : tags) {
      if (tag < 0 || tag >= LARGEST) {
        throw new IllegalArgumentException("a set of tags holds 0 to 65535, not " + tag);
      }
      largest = Math.max(largest, tag);
    }
    bits = new long[(largest >> 6) + 1];
    for (int tag : tags) {
      bits[tag >> 6] |= 1L << tag;
    }
  }

  public static TagSet of(int... tags) {
    return new TagSet(tags);
  }

  /** This set with more tags in it. */
  public TagSet with(int... tags) {
    TagSet set = new TagSet(tags);
    long[] longer =
        bits.length > set.bits.length ? bits.clone() : Arrays.copyOf(bits, set.bits.length);
    for (int i = 0; i < set.bits.length; i++) {
      longer[i] |= set.bits[i];
    }
    return new TagSet(longer);
  }

  private TagSet(long[] bits) {
    this.bits = bits;
  }

  public boolean contains(int tag) {
    int word = tag >> 6;
    return word >= 0 && word < bits.length && (bits[word] & 1L << tag) != 0;
  }
}
