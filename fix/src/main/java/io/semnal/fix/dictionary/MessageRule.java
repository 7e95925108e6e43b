package io.semnal.fix.dictionary;

import io.semnal.fix.codec.TagSet;

/**
 * Which fields one type of message has.
 *
 * @param required to be there, ascending
 * @param fields all that may stand in its body; null: any that is defined
 */
record MessageRule(int[] required, TagSet fields) {}
