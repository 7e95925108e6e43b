package io.semnal.research.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir private Path runs;

  @Test
  void keepsFinishedTrialsForTheNextProcess() throws IOException {
    open("a").add(new TrialLog.Trial("depth=4 rate=0.05", 2, 0.0125));
    // The process died while it wrote the next one.
    Files.writeString(
        runs.resolve("a/trials.jsonl"), "{\"parameters\":\"dep", StandardOpenOption.APPEND);
    RunFolder again = open("a");
    assertThat(again.find("depth=4 rate=0.05", 2)).hasValue(0.0125);
    assertThat(again.find("depth=4 rate=0.05", 1)).isEmpty();
    assertThat(again.find("depth=5 rate=0.05", 2)).isEmpty();
  }

  @Test
  void aFileStopsIt() throws IOException {
    RunFolder run = open("b");
    assertThat(run.isCancelled()).isFalse();
    RunFolder.cancel(runs, "b");
    assertThat(run.isCancelled()).isTrue();
    assertThat(open("b").isCancelled()).isFalse();
  }

  @Test
  void saysHowItStands() throws IOException {
    RunFolder run = open("c");
    run.progress("search", 3, 12);
    assertThat(RunFolder.list(runs).getFirst().path("stage").asText()).isEqualTo("search");
    assertThat(RunFolder.list(runs).getFirst().path("done").asInt()).isEqualTo(3);
    run.end(RunFolder.State.FAILED, "no data");
    assertThat(RunFolder.list(runs).getFirst().path("state").asText()).isEqualTo("failed");
    assertThat(RunFolder.list(runs).getFirst().path("message").asText()).isEqualTo("no data");
    assertThat(runs.resolve("c/log.txt")).content().contains("FAILED: no data");
  }

  @Test
  void refusesOtherParametersAndOtherNames() throws IOException {
    open("d");
    ObjectNode other = params().put("features", "other");
    assertThatThrownBy(() -> RunFolder.open(runs, "d", other, TrainingWatch.NONE))
        .hasMessageContaining("was begun with other parameters");
    assertThatThrownBy(() -> open("../e")).hasMessageContaining("a run's name is");
    assertThatThrownBy(() -> RunFolder.cancel(runs, "none")).hasMessageContaining("there is no");
  }

  private RunFolder open(String id) throws IOException {
    return RunFolder.open(runs, id, params(), TrainingWatch.NONE);
  }

  private static ObjectNode params() {
    return JsonNodeFactory.instance.objectNode().put("features", "fx-core");
  }
}
