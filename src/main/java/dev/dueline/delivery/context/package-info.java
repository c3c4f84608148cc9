/**
 * What every part of delivery is handed: its replica, its loop, its randomness, and the observer
 * that hears of it for metrics, logs and tests.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.context;
