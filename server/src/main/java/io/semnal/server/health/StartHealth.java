package io.semnal.server.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.gateway.http.HealthCondition;
import io.semnal.journal.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on the admin port that a start is under way, and how far: while a long journal is
 * replayed, before anything else of the server stands. Opens with the first progress, so that a
 * short start pays nothing; ended before the server opens the port itself.
 */
public final class StartHealth implements Progress, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StartHealth.class);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final RuntimeConfig.Admin config;
  private volatile String text = "";
  private boolean tried;
  private HttpServer http;

  public StartHealth(RuntimeConfig.Admin config) {
    this.config = config;
    // A port that nobody knows of need not answer.
    tried = !config.enabled() || config.port() == 0;
  }

  @Override
  public void at(String task, long done, long total) {
    text = task + ": " + done + " of " + total + " messages";
    if (!tried) {
      tried = true;
      open();
    }
  }

  private void open() {
    try {
      http = HttpServer.create(new InetSocketAddress(config.host(), config.port()), 0);
      http.createContext("/", this::answer);
      http.start();
    } catch (IOException e) {
      // The start goes on, and fails by the same port if it is still taken then.
      LOG.warn("no health while starting: {}:{}: {}", config.host(), config.port(), e.getMessage());
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/health/live" -> send(exchange, OK, "{\"live\":true}\n");
        case "/health/ready" ->
            send(
                exchange,
                UNAVAILABLE,
                "{\"ready\":false,\"reasons\":"
                    + List.of(new HealthCondition(HealthCondition.Code.RECOVERING, text).json())
                    + ",\"problems\":[],\"warming\":[]}\n");
        default -> send(exchange, NOT_FOUND, "");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (body.length == 0 || exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** It is for the server now to answer: the port is free again. */
  public void end() {
    tried = true;
    if (http != null) {
      http.stop(0);
      http = null;
    }
  }

  @Override
  public void close() {
    end();
  }
}
