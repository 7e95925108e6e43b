package io.semnal.gateway.rest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a request is answered with, before it is put into HTTP.
 *
 * @param body not copied; nobody changes it
 * @param headers beyond those that every answer has
 */
record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
  static final String JSON = "application/json";
  private static final int TAG_BYTES = 16;
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  Reply {
    headers = Map.copyOf(headers);
  }

  static Reply json(byte[] body) {
    return new Reply(OK, JSON, body, Map.of());
  }

  static Reply json(String body) {
    return json((body + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Reply of(Problem problem) {
    Reply reply = new Reply(problem.status(), Problem.CONTENT_TYPE, problem.json(), Map.of());
    if (problem.code() == Problem.Code.UNAUTHENTICATED) {
      return reply.with("WWW-Authenticate", "Semnal");
    }
    return problem.retryAfter() == 0
        ? reply
        : reply.with("Retry-After", Integer.toString(problem.retryAfter()));
  }

  static Reply nothing() {
    return new Reply(NO_CONTENT, "", new byte[0], Map.of());
  }

  Reply with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Reply(status, contentType, body, more);
  }

  /** With its strong entity tag; without a body where the asker has just that. */
  Reply tagged(String ifNoneMatch) {
    if (status != OK) {
      return this;
    }
    String tag = '"' + digest() + '"';
    if (ifNoneMatch != null && matches(ifNoneMatch, tag)) {
      return new Reply(NOT_MODIFIED, "", new byte[0], headers).with("ETag", tag);
    }
    return with("ETag", tag);
  }

  private static boolean matches(String ifNoneMatch, String tag) {
    for (String one : ifNoneMatch.split(",")) {
      String candidate = one.trim();
      // If-None-Match compares weakly (RFC 9110, 13.1.2).
      if (candidate.equals("*") || candidate.equals(tag) || candidate.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }

  private String digest() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
      return HexFormat.of().formatHex(hash, 0, TAG_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
