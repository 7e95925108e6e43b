package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alerts of docs/alerts.yml: each with a page of the runbook. */
class AlertsTest {
  private static final Path ROOT = Path.of(System.getProperty("semnal.root"));

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(m -> m.group(1))
        .toList();
  }

  @Test
  void leadToARunbook() throws Exception {
    String rules = Files.readString(ROOT.resolve("docs/alerts.yml"));
    List<String> alerts = found("- alert: (\\w+)", rules);
    List<String> links = found("runbook_url: (\\S+)", rules);
    assertThat(links).hasSameSizeAs(alerts).isNotEmpty();
    TreeSet<String> anchors =
        found("^#+ (.+)$", Files.readString(ROOT.resolve("docs/operations.md"))).stream()
            .map(h -> h.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
            .map(anchor -> "docs/operations.md#" + anchor)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(anchors).containsAll(links);
  }
}
