package dev.dueline.ops.health;

/**
 * Nothing may run on the Redis that was found, and the process ends when all have observed this,
 * without its shutdown hooks: whatever would outlive it is to be ended by then.
 */
public record StartRefused() {}
