package io.semnal.gateway;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.UPGRADE_REQUIRED;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.semnal.gateway.http.Responses;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * Looks at an upgrade request before the WebSocket handshake does: path, method, origin and
 * subprotocol. What does not pass gets a plain HTTP answer.
 */
final class UpgradeGuard extends SimpleChannelInboundHandler<FullHttpRequest> {
  static final String PATH = "/ws";
  static final String SBE_PROTOCOL = "semnal.sbe.v1";
  static final String JSON_PROTOCOL = "semnal.json.v1";

  /** RFC 6455; what came before it frames otherwise. */
  private static final String VERSION = "13";

  private final List<String> allowedOrigins;
  private final Runnable onUnreadable;

  /**
   * @param onUnreadable told of each request that is no HTTP
   */
  UpgradeGuard(List<String> allowedOrigins, Runnable onUnreadable) {
    this.allowedOrigins = allowedOrigins;
    this.onUnreadable = onUnreadable;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    HttpResponseStatus wrong = check(request);
    if (wrong == null) {
      ctx.pipeline().remove(this);
      ctx.fireChannelRead(request.retain());
    } else {
      Responses.sendText(ctx, wrong, text(wrong));
    }
  }

  private HttpResponseStatus check(FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      onUnreadable.run();
      return Responses.unreadable(request.decoderResult());
    }
    String path = request.uri();
    int query = path.indexOf('?');
    if (!PATH.equals(query < 0 ? path : path.substring(0, query))) {
      return NOT_FOUND;
    }
    if (!HttpMethod.GET.equals(request.method())) {
      return METHOD_NOT_ALLOWED;
    }
    if (!isUpgrade(request.headers())) {
      return UPGRADE_REQUIRED;
    }
    if (!isAllowed(
        request.headers().get(HttpHeaderNames.ORIGIN),
        request.headers().get(HttpHeaderNames.HOST))) {
      return FORBIDDEN;
    }
    return isSpoken(request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL))
            && request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
        ? null
        : BAD_REQUEST;
  }

  private static boolean isUpgrade(HttpHeaders headers) {
    return headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
  }

  /** A browser says where the page came from; other clients say nothing. */
  private boolean isAllowed(String origin, String host) {
    if (origin == null) {
      return true;
    }
    for (String allowed : allowedOrigins) {
      if (allowed.equalsIgnoreCase(origin)) {
        return true;
      }
    }
    try {
      String authority = new URI(origin).getAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (URISyntaxException e) {
      // An origin that is no URI is not ours.
      return false;
    }
  }

  /** None asked for means JSON; of those asked for, one must be ours. */
  private static boolean isSpoken(List<String> headers) {
    if (headers.isEmpty()) {
      return true;
    }
    for (String header : headers) {
      for (String name : header.split(",")) {
        String asked = name.trim().toLowerCase(Locale.ROOT);
        if (asked.equals(SBE_PROTOCOL) || asked.equals(JSON_PROTOCOL)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String text(HttpResponseStatus status) {
    if (status.equals(NOT_FOUND)) {
      return "client sessions are at " + PATH;
    }
    if (status.equals(FORBIDDEN)) {
      return "this Origin is not allowed";
    }
    if (status.equals(UPGRADE_REQUIRED) || status.equals(METHOD_NOT_ALLOWED)) {
      return PATH + " takes a WebSocket upgrade by GET, version " + VERSION;
    }
    return "not a whole upgrade to " + JSON_PROTOCOL + " or " + SBE_PROTOCOL;
  }
}
