/**
 * What a replica tells the others of who watches here: a number for each queue, kept for a while.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.presence;
