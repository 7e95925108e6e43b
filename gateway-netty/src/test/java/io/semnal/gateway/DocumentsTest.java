package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the documents say of both ways in: the same forms, and commands that work. */
class DocumentsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void giveTheSameFormToWhatBothTell() throws Exception {
    JsonNode rest = MAPPER.readTree(OpenApiDocument.text()).at("/components/schemas");
    JsonNode stream = AsyncApiDocument.DOCUMENT.at("/components/schemas");
    TreeSet<String> both = new TreeSet<>();
    rest.fieldNames().forEachRemaining(both::add);
    both.removeIf(name -> !stream.has(name) || name.equals("CommandResult"));
    assertThat(both).contains("Bar", "Signal", "SignalEvent", "Quote", "InstrumentDefinition");
    for (String name : both) {
      assertThat(rest.get(name)).as(name).isEqualTo(stream.get(name));
    }
  }

  @Test
  void canFindFaultWithTheStream() throws Exception {
    Map<String, JsonSchema> told = AsyncApiDocument.schemas("tell");
    assertThat(told).hasSizeGreaterThan(20);
    String good = "{\"type\":\"heartbeat\",\"epoch\":1,\"headOutSeq\":\"7\",\"time\":null}";
    assertThat(told.get("heartbeat").validate(MAPPER.readTree(good))).isEmpty();
    assertThat(told.get("heartbeat").validate(MAPPER.readTree(good.replace("\"7\"", "7"))))
        .isNotEmpty();
  }

  /** The example of docs/client-sessions.md, which is taken by the server's own tests. */
  @Test
  void describeARequestAsTheOtherPageDoes() throws Exception {
    JsonNode request =
        MAPPER.readTree(
            "{\"type\":\"subscribe\",\"requestId\":\"1\",\"channels\":[\"signals\",\"bars\"],"
                + "\"instruments\":[\"EURUSD\"],\"timeframes\":[\"1m\"],\"strategies\":[],"
                + "\"resume\":\"1:1200\",\"snapshot\":false,\"features\":false,"
                + "\"conflation\":\"interval\",\"intervalMillis\":500}");
    assertThat(AsyncApiDocument.schemas("ask").get("subscribe").validate(request)).isEmpty();
  }

  /** The shell function of docs/rest.md, run as it stands there. */
  @Test
  void signInAShell() throws Exception {
    for (String tool : new String[] {"bash", "curl", "openssl"}) {
      assumeThat(Files.isExecutable(Path.of("/usr/bin", tool))).as(tool).isTrue();
    }
    String page = Files.readString(Path.of(System.getProperty("semnal.root"), "docs/rest.md"));
    int begin = page.indexOf("```sh\n") + 6;
    String function = page.substring(begin, page.indexOf("```", begin));
    try (GatewayFixture gateway = new GatewayFixture(new GatewayFixture.Settings()).start()) {
      String secret = HexFormat.of().formatHex(gateway.clientKey("all").secret());
      String call =
          "semnal_get all %s http://127.0.0.1:%d '/api/v1/signals?type=BUY&limit=10'"
              .formatted(secret, gateway.wsPort());
      assertThat(run(function + call))
          .isEqualTo("{\"signals\":[],\"next\":null,\"oldest\":\"1\",\"head\":\"0\"}\n");
      assertThat(run(function + call.replace(secret, "00".repeat(32)))).contains("UNAUTHENTICATED");
    }
  }

  private static String run(String script) throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
    String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return out;
  }
}
