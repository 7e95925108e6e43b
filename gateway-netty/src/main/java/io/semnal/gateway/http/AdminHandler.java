package io.semnal.gateway.http;

import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.Disconnects;
import io.semnal.gateway.json.JsonStrings;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the operator's requests: is it alive, is it ready, what does it count. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
  private static final String JSON = "application/json";

  private final Metrics metrics;
  private final Supplier<List<HealthCondition>> health;
  private final Supplier<List<String>> warming;

  AdminHandler(
      Metrics metrics, Supplier<List<HealthCondition>> health, Supplier<List<String>> warming) {
    this.metrics = metrics;
    this.health = health;
    this.warming = warming;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      Responses.sendText(
          ctx,
          Responses.unreadable(request.decoderResult()),
          "not an HTTP request that can be read");
      return;
    }
    String uri = request.uri();
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    boolean known =
        path.equals("/health/live") || path.equals("/health/ready") || path.equals("/metrics");
    boolean head = HttpMethod.HEAD.equals(request.method());
    if (!known) {
      Responses.sendText(ctx, NOT_FOUND, "there are /health/live, /health/ready and /metrics");
    } else if (!head && !HttpMethod.GET.equals(request.method())) {
      Responses.sendText(ctx, METHOD_NOT_ALLOWED, path + " takes GET");
    } else {
      answer(ctx, path, !head);
    }
  }

  private void answer(ChannelHandlerContext ctx, String path, boolean withBody) {
    switch (path) {
      case "/health/live" -> Responses.send(ctx, OK, JSON, "{\"live\":true}\n", withBody);
      case "/health/ready" -> ready(ctx, withBody);
      default ->
          Responses.send(
              ctx, OK, PrometheusText.CONTENT_TYPE, PrometheusText.render(metrics), withBody);
    }
  }

  private void ready(ChannelHandlerContext ctx, boolean withBody) {
    List<HealthCondition> found = health.get();
    boolean isReady = found.stream().noneMatch(c -> c.code().isUnready());
    Responses.send(
        ctx,
        isReady ? OK : SERVICE_UNAVAILABLE,
        JSON,
        "{\"ready\":"
            + isReady
            + ",\"reasons\":"
            + json(found, true)
            + ",\"problems\":"
            + json(found, false)
            + ",\"warming\":"
            + JsonStrings.array(warming.get())
            + "}\n",
        withBody);
  }

  private static String json(List<HealthCondition> found, boolean unready) {
    return found.stream()
        .filter(c -> c.code().isUnready() == unready)
        .map(HealthCondition::json)
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Disconnects.log(LOG, ctx.channel(), "admin request failed", cause);
    ctx.close();
  }
}
