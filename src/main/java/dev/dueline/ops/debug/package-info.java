/**
 * What Redis has of a shard or of a job, in clear text: {@code dueline debug}. Plain commands that
 * read, by the same way to Redis as the service's, and no script.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.debug;
