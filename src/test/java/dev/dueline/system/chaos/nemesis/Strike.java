package dev.dueline.system.chaos.nemesis;

import java.util.function.Predicate;

/**
 * A fault that happened; times are of the wall clock.
 *
 * @param fromUs when it began
 * @param reachableUs when every key could be written again
 * @param settledUs when nobody but the primaries took writes any more, and all replicas followed
 * @param isFailover whether another node took the place of a primary
 * @param hasHit tells jobs that were on its victim
 * @param note what else is worth knowing; empty: nothing
 */
public record Strike(
    Fault fault,
    long fromUs,
    long reachableUs,
    long settledUs,
    boolean isFailover,
    Predicate<String> hasHit,
    String note) {}
