package dev.dueline.console.http;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * The pages that come from no endpoint. Any thread; never blocks, nor fails while there are any.
 */
public interface FallbackPages {
  /**
   * Asks for a token.
   *
   * @param next where to go from there
   * @param isWrong whether one was just refused
   */
  Uni<Answer> login(String next, boolean isWrong);

  /**
   * Says what became of a request.
   *
   * @param caller empty: nobody who is known
   */
  Uni<Answer> failed(Optional<Caller> caller, Throwable failure);
}
