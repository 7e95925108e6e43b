package io.semnal.fix.dictionary;

import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.TagSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Reads a dictionary from its compact form. A line is a word and what belongs to it:
 *
 * <pre>
 * integer 34 36-38          these tags are of that form (see {@link FieldType})
 * enum 54 1 2 3             the values that a field may have
 * header 35! 49! 43         the header's tags, required ones with an exclamation mark
 * trailer 89 93
 * message A 98! 108! 141    a type of message and the tags of its body
 * group 386 336 625         a count, the delimiter, further members
 * types 6 7 AE              types of message in which any tag may stand
 * </pre>
 */
final class DictionaryFile {
  private static final int MOST_TAGS = 5000;

  private final FieldType[] types = new FieldType[MOST_TAGS];
  private final Int2ObjectHashMap<String[]> enumerations = new Int2ObjectHashMap<>();
  private final Int2ObjectHashMap<MessageRule> messages = new Int2ObjectHashMap<>();
  private final Int2ObjectHashMap<GroupRule> groups = new Int2ObjectHashMap<>();
  private MessageRule header;
  private MessageRule trailer;

  private DictionaryFile() {}

  static DictionaryFile resource(String name) {
    DictionaryFile file = new DictionaryFile();
    try (InputStream in = DictionaryFile.class.getResourceAsStream(name);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          file.add(line.trim().split("\\s+"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private void add(String[] words) {
    switch (words[0]) {
      case "enum" ->
          enumerations.put(Integer.parseInt(words[1]), Arrays.copyOfRange(words, 2, words.length));
      case "header" -> header = rule(words, 1);
      case "trailer" -> trailer = rule(words, 1);
      case "message" -> messages.put(MsgType.of(words[1]), rule(words, 2));
      case "group" -> addGroup(words);
      case "types" -> {
        for (int i = 1; i < words.length; i++) {
          messages.put(MsgType.of(words[i]), new MessageRule(new int[0], null));
        }
      }
      default -> addTags(FieldType.valueOf(words[0].toUpperCase(Locale.ROOT)), words);
    }
  }

  private void addTags(FieldType type, String[] words) {
    for (int tag : tags(words, 1)) {
      types[tag] = type;
    }
  }

  private void addGroup(String[] words) {
    int[] tags = tags(words, 1);
    types[tags[0]] = FieldType.COUNT;
    groups.put(
        tags[0], new GroupRule(tags[1], TagSet.of(Arrays.copyOfRange(tags, 1, tags.length))));
  }

  private static MessageRule rule(String[] words, int from) {
    List<Integer> required = new ArrayList<>();
    for (int i = from; i < words.length; i++) {
      if (words[i].endsWith("!")) {
        required.add(Integer.parseInt(words[i].substring(0, words[i].length() - 1)));
      }
    }
    return new MessageRule(
        required.stream().mapToInt(Integer::intValue).sorted().toArray(),
        TagSet.of(tags(words, from)));
  }

  /** Tags and ranges of tags, with their exclamation marks. */
  private static int[] tags(String[] words, int from) {
    List<Integer> tags = new ArrayList<>();
    for (int i = from; i < words.length; i++) {
      String[] ends = words[i].replace("!", "").split("-");
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int tag = Integer.parseInt(ends[0]); tag <= last; tag++) {
        tags.add(tag);
      }
    }
    return tags.stream().mapToInt(Integer::intValue).toArray();
  }

  FieldType[] types() {
    return types;
  }

  Int2ObjectHashMap<String[]> enumerations() {
    return enumerations;
  }

  Int2ObjectHashMap<MessageRule> messages() {
    return messages;
  }

  Int2ObjectHashMap<GroupRule> groups() {
    return groups;
  }

  MessageRule header() {
    return header;
  }

  MessageRule trailer() {
    return trailer;
  }
}
