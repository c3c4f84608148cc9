/**
 * What a call does: domain types in and out. Knows neither gRPC nor protobuf nor HTTP: {@code grpc}
 * and {@code console} both stand on it.
 *
 * <pre>
 *   operation.job      schedule, cancel, read and list jobs over the shards of a queue
 *   operation.queue    pages of queues, pause, limits, delivery, purge, redrive
 *   operation.scaling  how much there is to do, for an autoscaler of workers
 *   operation.turn     whose costly call is next, where many wait
 *   operation.clock    moves the clock of a service that tests run against
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.operation;
