package dev.dueline.grpc.message;

import org.jspecify.annotations.Nullable;

/**
 * Why a request was not read.
 *
 * @param field that occurs too often, with those that it is in, as in {@code requests.attributes};
 *     null: the request is no message of its type, or too large
 * @param most how often the field may occur
 */
public record Refusal(@Nullable String field, int most) {
  /** No message of its type, or too large. */
  static final Refusal UNREADABLE = new Refusal(null, 0);
}
