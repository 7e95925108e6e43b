package io.semnal.gateway.rest;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.semnal.core.access.Admission;
import io.semnal.core.access.AuditLog;
import io.semnal.core.access.LoginGuard;
import io.semnal.gateway.rest.Problem.Code;
import io.semnal.protocol.session.PeerKey;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The resources of one port, and the gate before them: who asks, how often, for what, in which
 * form. Loop thread.
 */
public final class RestPort {
  static final String PREFIX = "/api/";
  private static final double PER_SECOND = 50;
  private static final double BURST = 200;
  private static final double UNKNOWN_PER_SECOND = 200;
  private static final double UNKNOWN_BURST = 400;
  private static final int UNKNOWN_COST = 1;
  private static final String PREFLIGHT_SECONDS = "600";

  private final List<Route> routes;
  private final List<String> origins;
  private final RestGate gate;
  private final SignedAccess access;
  private final Allowances addresses;

  RestPort(
      List<Route> routes,
      List<String> origins,
      RestGate gate,
      boolean adminsOnly,
      LongSupplier clockMillis) {
    this.routes = List.copyOf(routes);
    this.origins = List.copyOf(origins);
    this.gate = gate;
    access =
        new SignedAccess(
            gate, adminsOnly, new Allowances(PER_SECOND, BURST, System::nanoTime), clockMillis);
    addresses = new Allowances(UNKNOWN_PER_SECOND, UNKNOWN_BURST, System::nanoTime);
  }

  /** Who may come in. */
  Admission admission() {
    return gate.admission();
  }

  /** Whether a request is for this port's resources. */
  static boolean isFor(String uri) {
    return uri.startsWith(PREFIX);
  }

  /**
   * Answers a request that was decoded.
   *
   * @param address the asker's
   * @return completed on any thread, exceptionally by a {@link Problem} or worse
   */
  CompletionStage<Reply> answer(FullHttpRequest request, InetAddress address) {
    try {
      int wait = addresses.take(address.getHostAddress(), UNKNOWN_COST);
      if (wait > 0) {
        throw Problem.tooMany("too many requests from this address", wait);
      }
      return answerOne(request, address);
    } catch (Problem e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<Reply> answerOne(FullHttpRequest request, InetAddress address)
      throws Problem {
    String uri = request.uri();
    int question = uri.indexOf('?');
    String path = question < 0 ? uri : uri.substring(0, question);
    if (HttpMethod.OPTIONS.equals(request.method())) {
      return CompletableFuture.completedFuture(options(path, request));
    }
    Route route = route(path, request.method());
    byte[] body = ByteBufUtil.getBytes(request.content());
    PeerKey key = null;
    if (route == null || !route.isPublic()) {
      String proof = request.headers().get(HttpHeaderNames.AUTHORIZATION);
      int cost = route == null ? UNKNOWN_COST : route.cost();
      key = access.check(proof, request.method().name(), uri, body, cost, address);
    }
    if (route == null) {
      throw missing(path);
    }
    CompletionStage<Reply> reply;
    try {
      reply = resource(route, request, path, key, body);
    } catch (Problem e) {
      reply = CompletableFuture.failedFuture(e);
    }
    PeerKey asker = key;
    if (asker != null) {
      // Written down before the asker is told.
      reply = reply.whenComplete((r, failure) -> note(route, asker, address, failure));
    }
    String known = request.headers().get(HttpHeaderNames.IF_NONE_MATCH);
    return route.method().equals("GET") ? reply.thenApply(r -> r.tagged(known)) : reply;
  }

  private static CompletionStage<Reply> resource(
      Route route, FullHttpRequest request, String path, PeerKey key, byte[] body) throws Problem {
    String uri = request.uri();
    int question = uri.indexOf('?');
    checkForm(route, request, body);
    Query query =
        Query.parse(question < 0 ? null : uri.substring(question + 1), route.parameters());
    return route.resource().answer(new Call(key, route.id(path), query, body));
  }

  /** Writes down what was ordered, and what a key asked for beyond its rights. */
  private void note(Route route, PeerKey key, InetAddress address, Throwable failure) {
    Throwable cause = failure == null ? null : ColdReads.cause(failure);
    String code = cause == null ? "" : Code.INTERNAL.name();
    String text = route.method() + " " + route.path();
    if (cause instanceof Problem problem) {
      code = problem.code().name();
      text += ": " + LoginGuard.printable(problem.getMessage());
    }
    boolean beyond = code.equals(Code.NOT_ENTITLED.name());
    if (beyond || route.method().equals("POST")) {
      gate.audit()
          .record(
              beyond ? AuditLog.NOT_ENTITLED : AuditLog.ADMIN,
              key.id(),
              address.getHostAddress(),
              code,
              text);
    }
  }

  /** Who answers, or {@code null}. */
  private Route route(String path, HttpMethod method) {
    String name = HttpMethod.HEAD.equals(method) ? "GET" : method.name();
    for (Route route : routes) {
      if (route.method().equals(name) && route.matches(path)) {
        return route;
      }
    }
    return null;
  }

  private Problem missing(String path) {
    String methods = allow(path);
    return methods.isEmpty()
        ? new Problem(
            Code.NOT_FOUND, "there is no such resource; /api/v1/openapi.json lists those that are")
        : new Problem(Code.METHOD_NOT_ALLOWED, path + " takes " + methods);
  }

  /** The methods of a resource, for {@code Allow}; empty if there is no such resource. */
  String allow(String path) {
    TreeSet<String> methods = new TreeSet<>();
    for (Route route : routes) {
      if (route.matches(path)) {
        methods.add(route.method());
        if (route.method().equals("GET")) {
          methods.add("HEAD");
        }
      }
    }
    if (!methods.isEmpty()) {
      methods.add("OPTIONS");
    }
    return String.join(", ", methods);
  }

  private Reply options(String path, FullHttpRequest request) throws Problem {
    String methods = allow(path);
    if (methods.isEmpty()) {
      throw new Problem(Code.NOT_FOUND, "there is no such resource");
    }
    Reply reply = Reply.nothing().with("Allow", methods);
    boolean preflight = request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    return preflight && isAllowedOrigin(request.headers().get(HttpHeaderNames.ORIGIN))
        ? reply
            .with("Access-Control-Allow-Methods", methods)
            .with("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match")
            .with("Access-Control-Max-Age", PREFLIGHT_SECONDS)
        : reply;
  }

  /** Whether pages of this origin may read the answers. */
  boolean isAllowedOrigin(String origin) {
    return origin != null && origins.stream().anyMatch(origin::equalsIgnoreCase);
  }

  private static void checkForm(Route route, FullHttpRequest request, byte[] body) throws Problem {
    List<String> accepted = request.headers().getAll(HttpHeaderNames.ACCEPT);
    if (!accepted.isEmpty() && !takesJson(String.join(",", accepted))) {
      throw new Problem(Code.NOT_ACCEPTABLE, "answers are in " + Reply.JSON);
    }
    String coding = request.headers().get(HttpHeaderNames.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new Problem(Code.UNSUPPORTED_MEDIA_TYPE, "bodies are not compressed");
    }
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
    if (route.method().equals("POST")) {
      if (type != null && !mediaType(type).equals(Reply.JSON)) {
        throw new Problem(Code.UNSUPPORTED_MEDIA_TYPE, "bodies are " + Reply.JSON);
      }
    } else if (body.length > 0) {
      throw new Problem(Code.MALFORMED, "a GET request has no body");
    }
  }

  private static boolean takesJson(String accepted) {
    for (String range : accepted.split(",")) {
      String type = mediaType(range);
      boolean refused = range.replace(" ", "").matches(".*;q=0(\\.0*)?(;.*)?");
      if (!refused
          && (type.equals("*/*") || type.equals("application/*") || type.equals(Reply.JSON))) {
        return true;
      }
    }
    return false;
  }

  private static String mediaType(String text) {
    int semicolon = text.indexOf(';');
    return (semicolon < 0 ? text : text.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
  }
}
