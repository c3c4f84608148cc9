/** Puts the parts together: wiring, lifecycle and drain, health, metrics. Imported by nobody. */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops;
