package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of docs/alerts.yml: over metrics that there are, with pages that there are. */
class AlertsTest {
  private static final Path ROOT = Path.of(System.getProperty("semnal.root"));

  @TempDir Path folder;

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(m -> m.group(1))
        .toList();
  }

  @Test
  void useMetricsThatARunningServerExports() throws Exception {
    TreeSet<String> used =
        new TreeSet<>(found("(semnal_[a-z_]+)", Files.readString(ROOT.resolve("docs/alerts.yml"))));
    assertThat(used).hasSizeGreaterThan(8);
    ServerSetup setup = new ServerSetup(folder);
    TestCertificate tls = new TestCertificate(folder);
    tls.make("first");
    List<String> options = new ArrayList<>(List.of("-Dclock.mode=wall"));
    for (String port : List.of("gateway", "feed")) {
      options.add("-D" + port + ".tls.certificate=" + tls.certificate());
      options.add("-D" + port + ".tls.key=" + tls.key());
    }
    try (SemnalProcess server = setup.start(options.toArray(String[]::new));
        HttpClient http = HttpClient.newHttpClient()) {
      String line = server.awaitLine(ServerSetup.PATIENCE, l -> l.startsWith("admin "));
      String uri = line.substring(line.indexOf("http")).replace("/health/ready", "/metrics");
      String metrics =
          http.send(
                  HttpRequest.newBuilder(URI.create(uri)).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      assertThat(found("^(semnal_[a-z_]+)[{ ]", metrics)).containsAll(used);
      assertThat(metrics)
          .contains("semnal_feed_age_seconds{source=\"feed\"}")
          .contains("stage=\"outbound_journal\",quantile=\"0.99\"")
          .contains("semnal_ring_capacity{ring=\"inbound\"}")
          .contains("semnal_engine_scores{reason=\"NOT_WARM\"}")
          .contains("semnal_engine_scores{reason=\"SCORER_ERROR\"}")
          .contains("semnal_engine_scores{reason=\"NO_MODEL\"}");
    }
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
