/** {@code QueueService}: the RPCs of operators. */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.queue;
