/** {@code grpc.health.v1}. */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.health;
