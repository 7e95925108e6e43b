package io.semnal.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopScreenTest {
  @Test
  void showsNoMoreLinesThanATerminalHas() {
    List<String> lines = List.of("a", "b", "c", "d", "e");
    assertThat(TopScreen.fitting(lines, 5)).isEqualTo(lines);
    assertThat(TopScreen.fitting(lines, 3))
        .containsExactly("a", "b", "… 3 more lines: a taller terminal, or --once");
    assertThat(TopScreen.fitting(lines, 0)).as("of no size").isEqualTo(lines);
  }

  @Test
  void readsTheTerminalsSize() {
    assertThat(TerminalSize.parse("24 80\n")).isEqualTo(new TerminalSize(80, 24));
    for (String unknown : List.of("", "0 0\n", "24\n", "stty: standard input", "99999 1")) {
      assertThat(TerminalSize.parse(unknown)).as(unknown).isNull();
    }
  }
}
