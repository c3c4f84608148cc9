package dev.dueline.client;

import dev.dueline.v1.DueJob;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What a {@link Watch} waits for: something that a stream brought, or its own end. */
sealed interface Signal {
  /** The stream that brought it; null: none did. */
  @Nullable Source from();

  /** The service watches, and is never silent for longer than its heartbeat; zero: unknown. */
  record Started(Source from, Duration heartbeat) implements Signal {}

  record Due(Source from, List<DueJob> jobs, Instant received) implements Signal {}

  record Heartbeat(Source from) implements Signal {}

  record Draining(Source from, String reason) implements Signal {}

  record Ended(Source from, Status status) implements Signal {}

  /** Whoever watches has had enough. */
  record Stop() implements Signal {
    @Override
    public @Nullable Source from() {
      return null;
    }
  }

  /** Puts all that one stream brings into the inbox of its watch. */
  final class Source implements WatchListener {
    private final Queue<Signal> inbox;

    Source(Queue<Signal> inbox) {
      this.inbox = inbox;
    }

    @Override
    public void started(Duration heartbeat) {
      inbox.add(new Started(this, heartbeat));
    }

    @Override
    public void due(List<DueJob> jobs) {
      inbox.add(new Due(this, jobs, Instant.now()));
    }

    @Override
    public void heartbeat() {
      inbox.add(new Heartbeat(this));
    }

    @Override
    public void draining(String reason) {
      inbox.add(new Draining(this, reason));
    }

    @Override
    public void ended(Status status) {
      inbox.add(new Ended(this, status));
    }
  }
}
