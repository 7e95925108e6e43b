package io.semnal.server.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.RuntimeConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StartHealthTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = free();

  private static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  private RuntimeConfig.Admin on(int wanted) {
    return new RuntimeConfig.Admin(true, "127.0.0.1", wanted, false);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void saysHowFarTheReplayHasCome() throws Exception {
    try (StartHealth health = new StartHealth(on(port))) {
      // A short start says nothing, and so opens nothing.
      assertThatThrownBy(() -> get("/health/ready")).isInstanceOf(ConnectException.class);
      health.at("replaying inbound", 65_536, 3_000_000);
      health.at("replaying inbound", 131_072, 3_000_000);
      HttpResponse<String> ready = get("/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body())
          .isEqualTo(
              "{\"ready\":false,\"reasons\":[{\"code\":\"RECOVERING\",\"text\":\"replaying inbound:"
                  + " 131072 of 3000000 messages\"}],\"problems\":[],\"warming\":[]}\n");
      assertThat(get("/health/live").statusCode()).isEqualTo(200);
      assertThat(get("/metrics").statusCode()).isEqualTo(404);
    }
    // The server's own turn.
    try (ServerSocket own = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(own.isBound()).isTrue();
    }
  }

  @Test
  void aPortThatIsTakenDoesNotStopTheStart() throws Exception {
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        StartHealth health = new StartHealth(on(port))) {
      health.at("replaying inbound", 1, 2);
      assertThat(other.isBound()).isTrue();
    }
  }
}
