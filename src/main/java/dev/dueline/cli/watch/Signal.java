package dev.dueline.cli.watch;

import dev.dueline.v1.WatchDueResponse;
import io.grpc.Status;
import java.time.Instant;

/** What a watch waits for. */
sealed interface Signal {
  /** The service sent an event. */
  record Received(WatchCall from, WatchDueResponse event, Instant time) implements Signal {}

  /** The stream is over. */
  record Ended(WatchCall from, Status status) implements Signal {}

  /** The person at the terminal has had enough. */
  record Stop() implements Signal {}
}
