package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.RequestProof;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The JDK's HTTP client with signed requests; every answer is held against the document. */
final class RestClient implements AutoCloseable {
  private static final byte[] NOTHING = {};
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;
  private final ClientKey key;

  /**
   * @param key {@code null} = requests are not signed
   */
  RestClient(int port, ClientKey key) {
    this.port = port;
    this.key = key;
  }

  HttpRequest.Builder request(String method, String path, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    if (key != null) {
      request.header(
          "Authorization",
          RequestProof.sign(
                  key, method, path, body, System.currentTimeMillis(), NonceSource.secure())
              .header());
    }
    return request;
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    OpenApiDocument.check(response);
    return response;
  }

  HttpResponse<String> send(String method, String path) throws Exception {
    return send(request(method, path, NOTHING));
  }

  /** What is at that path; it must be there. */
  JsonNode get(String path) throws Exception {
    HttpResponse<String> response = send("GET", path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }

  /** The code of the problem that the answer is. */
  String problem(int status, String path) throws Exception {
    return problem(status, send("GET", path));
  }

  static String problem(int status, HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    JsonNode problem = new ObjectMapper().readTree(response.body());
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asText()).isNotEmpty();
    return problem.get("code").asText();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
