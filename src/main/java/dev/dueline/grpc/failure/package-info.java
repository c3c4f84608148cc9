/**
 * What callers are told when a call fails: the one table from exception or outcome to status, and
 * the violations of a request.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.failure;
