package dev.dueline.store.queue;

/**
 * What became of a queue that was to be deleted.
 *
 * @param isDone whether it is gone; otherwise it is not empty, or was used meanwhile
 * @param jobs that went with it, or are in the way
 * @param entries of its Redis Streams, likewise
 */
public record Deletion(boolean isDone, long jobs, long entries) {
  /** No shards are. */
  public static final Deletion OF_NOTHING = new Deletion(true, 0, 0);

  /** Of the shards of both. */
  public Deletion and(Deletion other) {
    return new Deletion(isDone && other.isDone, jobs + other.jobs, entries + other.entries);
  }

  /** The queue is still there, or again. */
  public Deletion undone() {
    return new Deletion(false, jobs, entries);
  }
}
