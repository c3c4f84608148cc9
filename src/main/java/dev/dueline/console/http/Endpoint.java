package dev.dueline.console.http;

import io.smallrye.mutiny.Uni;

/** Answers the requests for a path. Fails with {@link RefusedException}, or as operations do. */
@FunctionalInterface
public interface Endpoint {
  /** Any thread; never blocks. */
  Uni<Answer> answer(Request request);
}
