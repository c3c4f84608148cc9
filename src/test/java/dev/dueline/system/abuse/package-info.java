/**
 * The abuse suite: what whoever reaches the service, known or not, can take from it and from its
 * other callers. Each attack has a bounded time, {@code dueline.test.abuse-seconds}; a well client
 * is served beside it, and what the service holds is measured before, during and after.
 */
package dev.dueline.system.abuse;
