package io.semnal.gateway.rest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.semnal.gateway.Disconnects;
import io.semnal.gateway.rest.Problem.Code;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the resources of a port into HTTP: one request of a connection after the other, answered in
 * order. The first such request makes the connection REST's alone; what is for others before it is
 * passed on. Loop thread.
 */
public final class RestHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RestHandler.class);

  /** Requests of one connection that may wait for the one before. */
  private static final int MOST_WAITING = 32;

  /** Within which the next request of a connection must be whole. */
  private static final int IDLE_SECONDS = 30;

  private final RestPort port;
  private final ArrayDeque<FullHttpRequest> waiting = new ArrayDeque<>();
  private boolean ours;
  private boolean busy;
  private boolean closing;
  private InetAddress address;
  private boolean placed;
  private ScheduledFuture<?> idle;

  public RestHandler(RestPort port) {
    this.port = port;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    boolean isRequest = message instanceof FullHttpRequest;
    if (!ours && !(isRequest && isForUs((FullHttpRequest) message))) {
      ctx.fireChannelRead(message);
      return;
    }
    if (!isRequest || closing) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (!ours) {
      takeOver(ctx);
    }
    FullHttpRequest request = (FullHttpRequest) message;
    if (!busy) {
      serve(ctx, request);
    } else if (waiting.size() < MOST_WAITING) {
      waiting.add(request);
      ctx.channel().config().setAutoRead(false);
    } else {
      request.release();
      LOG.info("{}: too many requests at once", ctx.channel().remoteAddress());
      ctx.close();
    }
  }

  private static boolean isForUs(FullHttpRequest request) {
    return request.decoderResult().isSuccess() && RestPort.isFor(request.uri());
  }

  private void takeOver(ChannelHandlerContext ctx) {
    ours = true;
    address = address(ctx.channel().remoteAddress());
    placed = port.admission().connect(address);
    while (ctx.pipeline().last() != this) {
      ctx.pipeline().removeLast();
    }
  }

  private void serve(ChannelHandlerContext ctx, FullHttpRequest request) {
    busy = true;
    if (idle != null) {
      idle.cancel(false);
    }
    boolean head = HttpMethod.HEAD.equals(request.method());
    boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    String path = request.uri().split("\\?", 2)[0];
    try {
      if (!request.decoderResult().isSuccess()) {
        send(ctx, Reply.of(Problem.unreadable(request.decoderResult())), false, null, false);
        return;
      }
      if (!placed) {
        Problem full = Problem.tooMany("too many connections from this address", 1);
        send(ctx, Reply.of(full), head, origin, false);
        return;
      }
      port.answer(request, address)
          .whenComplete(
              (reply, failure) ->
                  onLoop(
                      ctx,
                      () -> {
                        Reply answer = failure == null ? reply : failed(failure, path);
                        send(ctx, answer, head, origin, keepAlive);
                      }));
    } finally {
      request.release();
    }
  }

  private static void onLoop(ChannelHandlerContext ctx, Runnable task) {
    if (ctx.executor().inEventLoop()) {
      task.run();
    } else {
      ctx.executor().execute(task);
    }
  }

  private Reply failed(Throwable failure, String path) {
    Throwable cause = ColdReads.cause(failure);
    if (cause instanceof Problem problem) {
      Reply reply = Reply.of(problem);
      return problem.code() == Code.METHOD_NOT_ALLOWED
          ? reply.with("Allow", port.allow(path))
          : reply;
    }
    LOG.error("{} failed", path, cause);
    return Reply.of(new Problem(Code.INTERNAL, "the request failed; the server's log says why"));
  }

  /** The peer's, or loopback where a channel has none. */
  private static InetAddress address(SocketAddress remote) {
    return remote instanceof InetSocketAddress inet
        ? inet.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  private void send(
      ChannelHandlerContext ctx, Reply reply, boolean head, String origin, boolean keepAlive) {
    ByteBuf body = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body());
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
    HttpHeaders headers = response.headers();
    if (!reply.contentType().isEmpty()) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
      headers.set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    }
    headers
        .set(HttpHeaderNames.CACHE_CONTROL, "private, no-cache")
        .set("X-Content-Type-Options", "nosniff");
    reply.headers().forEach(headers::set);
    headers.set(HttpHeaderNames.VARY, "Origin");
    if (port.isAllowedOrigin(origin)) {
      headers
          .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
          .set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "ETag, Retry-After");
    }
    if (keepAlive) {
      ctx.writeAndFlush(response);
      next(ctx);
    } else {
      closing = true;
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void next(ChannelHandlerContext ctx) {
    busy = false;
    FullHttpRequest request = waiting.poll();
    if (request != null) {
      // By way of the loop: answers at hand would nest as deep as there are requests.
      busy = true;
      ctx.executor().execute(() -> serve(ctx, request));
      return;
    }
    ctx.channel().config().setAutoRead(true);
    idle = ctx.executor().schedule((Runnable) ctx::close, IDLE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    closing = true;
    if (placed) {
      placed = false;
      port.admission().disconnect(address);
    }
    if (idle != null) {
      idle.cancel(false);
    }
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (!ours) {
      super.exceptionCaught(ctx, cause);
      return;
    }
    Disconnects.log(LOG, ctx.channel(), "request failed", cause);
    ctx.close();
  }
}
