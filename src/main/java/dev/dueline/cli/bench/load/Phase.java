package dev.dueline.cli.bench.load;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A part of a run that takes its time.
 *
 * @param name what is being done, for people
 * @param isOver whether it has come to its end
 * @param done how far it is; that this grows shows that something happens
 * @param quietUntilNanos until when nothing need happen, {@link System#nanoTime}
 */
public record Phase(String name, BooleanSupplier isOver, LongSupplier done, long quietUntilNanos) {
  /** A phase in which something should happen from now on. */
  public Phase(String name, BooleanSupplier isOver, LongSupplier done) {
    this(name, isOver, done, System.nanoTime());
  }
}
