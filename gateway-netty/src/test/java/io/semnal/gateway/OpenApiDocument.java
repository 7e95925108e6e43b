package io.semnal.gateway;

import java.net.http.HttpResponse;

/** Holds answers against the served document. */
final class OpenApiDocument {
  private OpenApiDocument() {}

  static void check(HttpResponse<String> response) {}
}
