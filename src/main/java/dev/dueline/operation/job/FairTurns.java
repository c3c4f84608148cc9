package dev.dueline.operation.job;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many of a costly kind of work go on at once. What waits goes on in the order of its
 * owners, one each, so that whoever asks for much waits behind himself. What is canceled meanwhile
 * is not begun. Thread-safe.
 */
final class FairTurns {
  private final int most;

  // Guarded by this.
  private final Map<Object, Deque<Turn>> waiting = new LinkedHashMap<>();
  private int running;
  private boolean isBeginning;

  FairTurns(int most) {
    this.most = most;
  }

  /** The work, once it is its turn. */
  <T> Uni<T> take(Object owner, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Turn turn = new Turn();
              return Uni.createFrom()
                  .<Boolean>emitter(
                      emitter -> {
                        turn.begin = () -> emitter.complete(true);
                        await(owner, turn);
                      })
                  .chain(begun -> work.get())
                  .onTermination()
                  .invoke(() -> leave(turn));
            });
  }

  private void await(Object owner, Turn turn) {
    synchronized (this) {
      waiting.computeIfAbsent(owner, first -> new ArrayDeque<>()).add(turn);
    }
    beginNext();
  }

  private void leave(Turn turn) {
    synchronized (this) {
      running -= turn.isRunning ? 1 : 0;
      turn.isRunning = false;
      turn.isOver = true;
    }
    beginNext();
  }

  /** In a loop: what ends at once would otherwise begin the next from deeper and deeper. */
  private void beginNext() {
    synchronized (this) {
      if (isBeginning) {
        return;
      }
      isBeginning = true;
    }
    while (true) {
      Turn next;
      synchronized (this) {
        next = running < most ? poll() : null;
        if (next == null) {
          isBeginning = false;
          return;
        }
        running++;
        next.isRunning = true;
      }
      next.begin.run();
    }
  }

  /** The first of the owner whose turn it is, who goes to the end of the line. */
  private @Nullable Turn poll() {
    while (!waiting.isEmpty()) {
      Map.Entry<Object, Deque<Turn>> first = waiting.entrySet().iterator().next();
      Deque<Turn> turns = first.getValue();
      waiting.remove(first.getKey());
      Turn turn = turns.poll();
      if (!turns.isEmpty()) {
        waiting.put(first.getKey(), turns);
      }
      if (turn != null && !turn.isOver) {
        return turn;
      }
    }
    return null;
  }

  /** One piece of work. Guarded by the turns. */
  private static final class Turn {
    private Runnable begin = () -> {};
    private boolean isRunning;
    private boolean isOver;
  }
}
