package dev.dueline.system.chaos.nemesis;

/**
 * One thing that goes wrong.
 *
 * @param lastsMs how long, where the kind leaves a choice
 * @param victim which one, where there are several
 * @param strength how bad, from 0 to 1, where the kind leaves a choice
 */
public record Fault(FaultKind kind, int lastsMs, int victim, double strength) {}
