package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code semnal journal} over an imported journal of 600 quotes, one a second from 13:00:00 on. */
class JournalCommandTest {
  private static final int QUOTES = 600;
  private static final Instant START = Instant.parse("2026-03-04T13:00:00Z");

  @TempDir private static Path folder;
  private static Path journal;

  @BeforeAll
  static void importQuotes() throws IOException {
    journal = folder.resolve("journal");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < QUOTES; i++) {
      double bid = 1.1 + (i % 7) * 0.00001;
      lines.add(
          String.format(Locale.ROOT, "%s,%.5f,%.5f", START.plusSeconds(i), bid, bid + 0.00005));
    }
    Files.write(folder.resolve("q.csv"), lines);
    CommandRun.done(
        "import",
        "-Dmodels.directory=" + TestModels.directory(),
        "--format",
        "csv",
        "--mapping",
        "time=0,bid=1,ask=2,header=no",
        "--instrument",
        "EURUSD",
        "--journal",
        journal.toString(),
        folder.resolve("q.csv").toString());
  }

  private static List<String> journal(String command, String... more) {
    List<String> args = new ArrayList<>(List.of("journal", command, "--journal"));
    args.add(journal.toString());
    args.addAll(List.of(more));
    return CommandRun.done(args.toArray(String[]::new)).out().lines().toList();
  }

  @Test
  void listsTheRun() throws IOException {
    List<String> lines = journal("ls");
    assertEquals(2, lines.size(), lines.toString());
    assertTrue(lines.get(1).startsWith("1     1     "), lines.toString());
    JsonNode runs = new ObjectMapper().readTree(String.join("\n", journal("ls", "--json")));
    assertEquals(1, runs.get(0).get("firstJournalSeq").asLong());
    assertEquals("source", runs.get(0).get("clock").asText());
  }

  @Test
  void countsWhatWasImported() throws IOException {
    JsonNode info = new ObjectMapper().readTree(String.join("\n", journal("info", "--json")));
    assertEquals(QUOTES, info.get("inbound").get("types").get("Quote").asInt());
    long allocated = info.get("inbound").get("disk").get("allocatedBytes").asLong();
    assertTrue(allocated > 0 && allocated < 8 << 20, info.toString());
    assertTrue(info.get("inbound").get("disk").get("lengthBytes").asLong() >= 64 << 20);
    assertTrue(journal("info").stream().anyMatch(l -> l.matches("  Quote +600 .*")));
  }

  @Test
  void showsAMessageAndWhatItCaused() {
    // The quote of 13:01:00 closes the first minute's bar.
    List<String> lines =
        journal("cat", "--from", "2026-03-04T13:01:00Z", "--to", "2026-03-04T13:01:01Z");
    assertEquals(1, lines.stream().filter(l -> l.contains(" Quote ")).count(), lines.toString());
    String quote = lines.stream().filter(l -> l.contains(" Quote ")).findFirst().orElseThrow();
    assertTrue(quote.contains(" bid=1.10004 ask=1.10009 "), quote);
    String bar = lines.stream().filter(l -> l.contains(" Bar ")).findFirst().orElseThrow();
    assertTrue(bar.contains(" openTime=2026-03-04T13:00:00Z ") && bar.contains(" ticks=60"), bar);
    String seq = quote.replaceAll("inbound #(\\d+) .*", "$1");
    assertTrue(bar.contains(" causeSeq=" + seq + " "), bar);
    assertEquals(lines.getLast(), journal("cat", "--seq", seq).getLast());
    List<String> json = journal("cat", "--seq", seq, "--side", "inbound", "--json");
    assertEquals(1, json.size());
    assertTrue(json.getFirst().contains("\"bid\":1.10004,"), json.toString());
  }

  @Test
  void findsByExpressionAndByType() {
    // Ten whole minutes: an import goes on to the end of the last one.
    assertEquals(
        10,
        journal("grep", "ticks=60", "--type", "Bar", "--side", "outbound").stream()
            .filter(l -> l.contains("timeframe=60 "))
            .count());
    List<String> none = new ArrayList<>(List.of("journal", "grep", "no such thing", "--journal"));
    none.add(journal.toString());
    assertEquals(1, CommandRun.of(none.toArray(String[]::new)).exit());
  }

  @Test
  void showsTheTail() {
    List<String> lines = journal("tail", "-n", "3", "--side", "inbound");
    assertEquals(3, lines.size());
    assertTrue(lines.getLast().contains("Z Quote ") || lines.getLast().contains("Z Clock"));
    assertEquals(List.of("sound"), journal("verify").subList(1, 2));
  }
}
