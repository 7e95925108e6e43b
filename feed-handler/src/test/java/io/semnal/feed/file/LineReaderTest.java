package io.semnal.feed.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private final LineReader reader = new LineReader();

  @Property
  void splitsAsStringsDoHoweverTheBytesArrive(
      @ForAll @Chars({'\n', '\r'}) @CharRange(from = 'a', to = 'c') @StringLength(max = 60)
          String text,
      @ForAll @IntRange(min = 1, max = 7) int piece)
      throws IOException {
    List<String> expected = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (i < lines.length - 1 || !lines[i].isEmpty()) {
        expected.add(
            lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i]);
      }
    }
    assertThat(read(text.getBytes(StandardCharsets.ISO_8859_1), piece)).isEqualTo(expected);
    assertThat(reader.number()).isEqualTo(expected.size());
  }

  @Test
  void leavesOutByteOrderMarkAtTheStartOnly() throws IOException {
    byte[] text = "\uFEFFa\n\uFEFFb".getBytes(StandardCharsets.UTF_8);
    for (int piece = 1; piece < 4; piece++) {
      assertThat(read(text, piece)).containsExactly("a", "\u00EF\u00BB\u00BFb");
    }
    assertThat(read(new byte[] {(byte) 0xEF, (byte) 0xBB}, 1)).containsExactly("\u00EF\u00BB");
  }

  private List<String> read(byte[] text, int piece) throws IOException {
    reader.open(
        new ByteArrayInputStream(text) {
          @Override
          public int read(byte[] into, int offset, int most) {
            return super.read(into, offset, Math.min(most, piece));
          }
        });
    List<String> lines = new ArrayList<>();
    while (reader.next()) {
      lines.add(
          new String(
              reader.bytes(),
              reader.start(),
              reader.end() - reader.start(),
              StandardCharsets.ISO_8859_1));
    }
    return lines;
  }
}
