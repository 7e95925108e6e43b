package io.semnal.gateway.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.semnal.gateway.ModelAdmin;
import io.semnal.gateway.json.AdminRequests;
import io.semnal.gateway.json.BadRequestException;
import io.semnal.gateway.json.JsonStrings;
import io.semnal.protocol.session.KeyLookup;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signed requests of operators, in JSON: {@code GET /api/v1/models}, {@code GET
 * /api/v1/models/drift}, {@code POST /api/v1/models/promote}. Loop thread.
 */
final class AdminApi {
  static final String PREFIX = "/api/";
  private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
  private static final String MODELS = "/api/v1/models";
  private static final String DRIFT = MODELS + "/drift";
  private static final String PROMOTE = MODELS + "/promote";

  private final AdminAccess access;
  private final ModelAdmin models;

  AdminApi(KeyLookup keys, LongSupplier clockMillis, ModelAdmin models) {
    access = new AdminAccess(keys, clockMillis);
    this.models = models;
  }

  void answer(ChannelHandlerContext ctx, FullHttpRequest request, String path) {
    byte[] body = ByteBufUtil.getBytes(request.content());
    AdminAccess.Verdict verdict =
        access.check(
            request.headers().get(HttpHeaderNames.AUTHORIZATION),
            request.method().name(),
            request.uri(),
            body);
    if (!verdict.isLetIn()) {
      LOG.warn("{} {} turned away: {}", request.method(), path, verdict.error());
      error(ctx, verdict.status(), verdict.error());
      return;
    }
    boolean promote = path.equals(PROMOTE);
    HttpMethod method = promote ? HttpMethod.POST : HttpMethod.GET;
    if (!promote && !path.equals(MODELS) && !path.equals(DRIFT)) {
      error(ctx, 404, "there are GET " + MODELS + ", GET " + DRIFT + " and POST " + PROMOTE);
    } else if (!method.equals(request.method())) {
      error(ctx, 405, path + " takes " + method);
    } else if (promote) {
      promote(ctx, body, verdict.keyId());
    } else {
      send(ctx, 200, path.equals(DRIFT) ? models.drift() : models.active());
    }
  }

  private void promote(ChannelHandlerContext ctx, byte[] body, String keyId) {
    String reference;
    try {
      reference = AdminRequests.text(body, "model");
    } catch (BadRequestException e) {
      error(ctx, 400, e.getMessage());
      return;
    }
    // The request is whole; loading a model may take longer than a request may.
    ctx.pipeline().remove(ReadTimeoutHandler.class);
    models
        .promote(reference, keyId)
        .whenComplete(
            (answer, failure) ->
                ctx.executor()
                    .execute(
                        () -> {
                          if (failure == null) {
                            send(ctx, answer.status(), answer.json());
                          } else {
                            LOG.warn("promoting {} failed", reference, failure);
                            error(ctx, 500, "promoting " + reference + " failed: " + failure);
                          }
                        }));
  }

  private static void error(ChannelHandlerContext ctx, int status, String text) {
    String quoted = JsonStrings.array(List.of(text));
    send(ctx, status, "{\"error\":" + quoted.substring(1, quoted.length() - 1) + "}");
  }

  private static void send(ChannelHandlerContext ctx, int status, String json) {
    Responses.send(ctx, HttpResponseStatus.valueOf(status), "application/json", json + "\n", true);
  }
}
