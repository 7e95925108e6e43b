package io.semnal.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.semnal.core.access.ApiKey;
import io.semnal.gateway.EmbeddedGateway;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.RequestProof;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Requests with any path, query, header and body: an answer, or a problem of the asker's. */
class RestFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] SECRET = new byte[32];
  private static final AtomicLong TURN = new AtomicLong(1);

  /** Each request has a key, an address and a time of its own: allowances have other tests. */
  private static final RestPort PORT =
      new EmbeddedGateway(RestFuzzTest::key).rest(() -> TURN.get() * 100_000);

  private static final List<String> METHODS = List.of("GET", "GET", "HEAD", "POST", "OPTIONS");

  private static ApiKey key(String id) {
    return id.startsWith("key-")
        ? new ApiKey(id, SECRET, Role.CLIENT, 31, true, Set.of(), false, "")
        : null;
  }

  /**
   * Method, then lines: path and query, {@code Authorization} (empty: a right one), Accept, body.
   */
  @FuzzTest(maxDuration = "10m")
  void answersAnyRequest(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    String method = METHODS.get((input[0] & 0xFF) % METHODS.size());
    String[] lines =
        new String(Arrays.copyOfRange(input, 1, input.length), StandardCharsets.ISO_8859_1)
            .split("\n", 4);
    // A request line with others than these is not passed on by the decoder.
    long turn = TURN.incrementAndGet();
    byte[] body = lines.length > 3 ? lines[3].getBytes(StandardCharsets.ISO_8859_1) : new byte[0];
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(method),
            "/api/v1/" + lines[0].replaceAll("[\\x00-\\x20\\x7F-\\xFF]", ""),
            Unpooled.wrappedBuffer(body));
    // As the decoder, which lets no control character into a header, would.
    String given = lines.length > 1 ? lines[1].replaceAll("[^\\x20-\\x7E]", "").trim() : "";
    request
        .headers()
        .set(HttpHeaderNames.AUTHORIZATION, given.isEmpty() ? sign(request, body, turn) : given);
    if (lines.length > 2 && !lines[2].isEmpty()) {
      request
          .headers()
          .set(HttpHeaderNames.ACCEPT, lines[2].replaceAll("[^\\x20-\\x7E]", "").trim());
    }
    InetAddress address =
        InetAddress.getByAddress(ByteBuffer.allocate(4).putInt((int) turn).array());
    Reply reply;
    try {
      reply = PORT.answer(request, address).toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause =
          e.getCause() instanceof CompletionException inner ? inner.getCause() : e.getCause();
      assertThat(cause).isInstanceOf(Problem.class);
      Problem problem = (Problem) cause;
      assertThat(problem.status()).isBetween(400, 499).isNotEqualTo(429);
      reply = Reply.of(problem);
    }
    assertThat(reply.status()).isBetween(200, 499);
    if (reply.body().length > 0) {
      assertThat(JSON.readTree(reply.body()).isObject()).isTrue();
    }
    for (String value : reply.headers().values()) {
      assertThat(value).matches("[\\x20-\\x7E]*");
    }
  }

  private static String sign(FullHttpRequest request, byte[] body, long turn) {
    return RequestProof.sign(
            new ClientKey("key-" + turn, SECRET),
            request.method().name(),
            request.uri(),
            body,
            turn * 100_000,
            nonce -> Arrays.fill(nonce, (byte) turn))
        .header();
  }
}
