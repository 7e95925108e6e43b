package io.semnal.fix.dictionary;

import io.semnal.fix.codec.TagSet;

/**
 * A repeating group.
 *
 * @param delimiter with which each entry begins
 * @param members all tags inside it
 */
record GroupRule(int delimiter, TagSet members) {}
