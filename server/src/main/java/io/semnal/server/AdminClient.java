package io.semnal.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.RequestProof;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An operator's side of a running server's admin port: {@code semnal models promote NAME@V --server
 * http://127.0.0.1:PORT --key-file client.key}. Each request is signed with the key, which must be
 * an admin's; the secret does not travel. Without a server, promoting is no more than moving the
 * registry's alias, which a start looks at. Any thread.
 */
public final class AdminClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final URI server;
  private final ClientKey key;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param server scheme, host and port of the admin listener
   */
  public AdminClient(URI server, ClientKey key) {
    this.server = server;
    this.key = key;
  }

  /**
   * Makes a model the one that its name's strategies score with, and returns when it does.
   *
   * @param reference {@code name@version}, as the server's registry knows it
   * @return {@code model}, {@code scorer}, {@code before} (array of references) and {@code
   *     journalSeq} of the activation (0 = it scored already)
   * @throws IOException with the server's sentence where the old model stays, or where the server
   *     cannot be reached
   */
  public JsonNode promote(String reference) throws IOException, InterruptedException {
    byte[] body = MAPPER.writeValueAsBytes(MAPPER.createObjectNode().put("model", reference));
    return request("POST", "/api/v1/models/promote", body);
  }

  /** {@code strategies}: an array of strategy, reference, model, sha256 and scorer. */
  public JsonNode models() throws IOException, InterruptedException {
    return request("GET", "/api/v1/models", new byte[0]);
  }

  /** {@code models}: an array, each with its drift against what it was trained on. */
  public JsonNode drift() throws IOException, InterruptedException {
    return request("GET", "/api/v1/models/drift", new byte[0]);
  }

  private JsonNode request(String method, String path, byte[] body)
      throws IOException, InterruptedException {
    RequestProof proof =
        RequestProof.sign(
            key, method, path, body, System.currentTimeMillis(), NonceSource.secure());
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", proof.header())
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<String> response;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (ConnectException e) {
      throw new IOException("no server answers at " + server, e);
    }
    JsonNode answer = parse(response.body());
    if (response.statusCode() != 200) {
      String said = answer.path("detail").asText("");
      throw new IOException(
          said.isEmpty() ? server + " answers with HTTP " + response.statusCode() : said);
    }
    return answer;
  }

  private JsonNode parse(String text) throws IOException {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException(server + " does not answer in JSON: is it the admin port?", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
