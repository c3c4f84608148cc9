package dev.dueline.operation.turn;

import io.smallrye.mutiny.Uni;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many of a costly kind of work go on at once. What waits goes on in the order of its
 * owners, one each, so that whoever asks for much waits behind himself. What is canceled while it
 * waits is not begun. What has begun goes on to its end, and keeps its turn until then, also if
 * nobody wants it any longer: its commands are on their way, and would otherwise be more than the
 * turns allow for. Thread-safe.
 */
public final class FairTurns {
  private final int most;

  // Guarded by this.
  private final Map<Object, Set<Turn>> waiting = new LinkedHashMap<>();
  private int running;
  private boolean isBeginning;

  /**
   * Nothing goes on yet.
   *
   * @param most how much goes on at once
   */
  public FairTurns(int most) {
    this.most = most;
  }

  /** The work, once it is its turn. */
  public <T> Uni<T> take(Object owner, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Turn turn =
                  new Turn(
                      () ->
                          Uni.createFrom()
                              .<T>deferred(work::get)
                              .onTermination()
                              .invoke(this::leave)
                              .subscribe()
                              .with(emitter::complete, emitter::fail));
              emitter.onTermination(() -> giveUp(owner, turn));
              await(owner, turn);
            });
  }

  private void await(Object owner, Turn turn) {
    synchronized (this) {
      waiting.computeIfAbsent(owner, first -> new LinkedHashSet<>()).add(turn);
    }
    beginNext();
  }

  /** Nobody wants it any longer: it need not begin, if it has not. */
  private synchronized void giveUp(Object owner, Turn turn) {
    Set<Turn> turns = waiting.get(owner);
    if (turns != null && turns.remove(turn) && turns.isEmpty()) {
      waiting.remove(owner);
    }
  }

  private void leave() {
    synchronized (this) {
      running--;
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
      }
      next.begin.run();
    }
  }

  /** The first of the owner whose turn it is, who goes to the end of the line. */
  private @Nullable Turn poll() {
    Iterator<Map.Entry<Object, Set<Turn>>> line = waiting.entrySet().iterator();
    if (!line.hasNext()) {
      return null;
    }
    Map.Entry<Object, Set<Turn>> first = line.next();
    Object owner = first.getKey();
    Set<Turn> turns = first.getValue();
    Iterator<Turn> eldest = turns.iterator();
    Turn turn = eldest.next();
    eldest.remove();
    line.remove();
    if (!turns.isEmpty()) {
      waiting.put(owner, turns);
    }
    return turn;
  }

  /** One piece of work. */
  private static final class Turn {
    private final Runnable begin;

    Turn(Runnable begin) {
      this.begin = begin;
    }
  }
}
