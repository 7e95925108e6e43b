package io.semnal.gateway.rest;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Locale;

/** Why a request is not answered as asked, with a code that programs can tell apart (RFC 9457). */
public final class Problem extends Exception {
  private static final long serialVersionUID = 1L;
  static final String CONTENT_TYPE = "application/problem+json";

  /** The names of all problems, each with its status. */
  public enum Code {
    MALFORMED(400),
    UNKNOWN_PARAMETER(400),
    BAD_PARAMETER(400),
    UNAUTHENTICATED(401),
    NOT_ENTITLED(403),
    NOT_FOUND(404),
    UNKNOWN_INSTRUMENT(404),
    UNKNOWN_STRATEGY(404),
    UNKNOWN_SIGNAL(404),
    METHOD_NOT_ALLOWED(405),
    NOT_ACCEPTABLE(406),
    NOT_ACTIVATED(409),
    AGED_OUT(410),
    CONTENT_TOO_LARGE(413),
    URI_TOO_LONG(414),
    UNSUPPORTED_MEDIA_TYPE(415),
    LIMIT_EXCEEDED(429),
    HEADERS_TOO_LARGE(431),
    INTERNAL(500),
    BUSY(503);

    private final int status;

    Code(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final Code code;
  private final int retryAfter;

  public Problem(Code code, String detail) {
    this(code, detail, code == Code.BUSY ? 1 : 0);
  }

  private Problem(Code code, String detail, int retryAfter) {
    super(detail, null, false, false);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /**
   * @param seconds after which the same request would be let in
   */
  static Problem tooMany(String detail, int seconds) {
    return new Problem(Code.LIMIT_EXCEEDED, detail, seconds);
  }

  /** What a request that could not be decoded is answered with. */
  public static Problem unreadable(DecoderResult result) {
    if (result.cause() instanceof TooLongHttpLineException) {
      return new Problem(Code.URI_TOO_LONG, "the request line is too long");
    }
    return result.cause() instanceof TooLongHttpHeaderException
        ? new Problem(Code.HEADERS_TOO_LARGE, "the request's header fields are too long")
        : new Problem(Code.MALFORMED, "not an HTTP request that can be read");
  }

  public Code code() {
    return code;
  }

  /** Seconds after which to try again; 0 = no use. */
  int retryAfter() {
    return retryAfter;
  }

  int status() {
    return code.status;
  }

  /** The problem document. */
  byte[] json() {
    return Json.object(
        out -> {
          out.writeStringField(
              "type",
              "urn:semnal:problem:" + code.name().toLowerCase(Locale.ROOT).replace('_', '-'));
          out.writeStringField("title", HttpResponseStatus.valueOf(code.status).reasonPhrase());
          out.writeNumberField("status", code.status);
          out.writeStringField("code", code.name());
          out.writeStringField("detail", getMessage());
        });
  }
}
