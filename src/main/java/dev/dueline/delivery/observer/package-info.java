/** What delivery tells of itself, for metrics, logs and tests. */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.observer;
