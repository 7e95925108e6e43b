package io.semnal.gateway.rest;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * One resource and method, and who answers it.
 *
 * @param method {@code GET} (which serves HEAD too) or {@code POST}
 * @param path with at most one {@code {id}} as its last segment
 * @param isPublic whether it is answered without a signature
 * @param cost tokens of the key's allowance that one request takes
 * @param parameters of the query
 */
record Route(
    String method,
    String path,
    boolean isPublic,
    int cost,
    Set<String> parameters,
    Resource resource) {
  private static final String ID = "{id}";

  /** Answers a request that was let in. Loop thread. */
  interface Resource {
    CompletionStage<Reply> answer(Call call) throws Problem;
  }

  Route {
    parameters = Set.copyOf(parameters);
  }

  boolean matches(String asked) {
    if (!path.endsWith(ID)) {
      return path.equals(asked);
    }
    String prefix = path.substring(0, path.length() - ID.length());
    return asked.startsWith(prefix)
        && asked.length() > prefix.length()
        && asked.indexOf('/', prefix.length()) < 0;
  }

  /** The last segment of the path asked for, where the route has one. */
  String id(String asked) {
    return path.endsWith(ID) ? asked.substring(path.length() - ID.length()) : "";
  }
}
