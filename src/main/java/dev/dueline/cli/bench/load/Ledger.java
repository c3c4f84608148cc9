package dev.dueline.cli.bench.load;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** What became of each job, by its number: grows as needed, without locks. */
final class Ledger {
  static final int STORED = 1;
  static final int DELIVERED = 2;
  static final int ACKED = 4;
  static final int CANCELED = 8;

  /** Jobs in a chunk. */
  private static final int CHUNK = 1 << 16;

  /** Chunks: 4 billion jobs, more than any Redis holds. */
  private static final int MOST_CHUNKS = 1 << 16;

  private final AtomicReferenceArray<AtomicIntegerArray> chunks =
      new AtomicReferenceArray<>(MOST_CHUNKS);

  /** Adds a mark; whether the job did not have it before. */
  boolean mark(long index, int mark) {
    AtomicIntegerArray chunk = chunk((int) (index / CHUNK));
    int place = (int) (index % CHUNK);
    int marks = chunk.get(place);
    while ((marks & mark) == 0) {
      int seen = chunk.compareAndExchange(place, marks, marks | mark);
      if (seen == marks) {
        return true;
      }
      marks = seen;
    }
    return false;
  }

  /** Whether a job has any of the marks. */
  boolean has(long index, int anyOf) {
    AtomicIntegerArray chunk = chunks.get((int) (index / CHUNK));
    return chunk != null && (chunk.get((int) (index % CHUNK)) & anyOf) != 0;
  }

  private AtomicIntegerArray chunk(int number) {
    AtomicIntegerArray chunk = chunks.get(number);
    if (chunk == null) {
      AtomicIntegerArray fresh = new AtomicIntegerArray(CHUNK);
      chunk = chunks.compareAndExchange(number, null, fresh);
      chunk = chunk == null ? fresh : chunk;
    }
    return chunk;
  }
}
