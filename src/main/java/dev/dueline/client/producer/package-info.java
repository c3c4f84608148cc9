/**
 * Storing jobs from code: one at a time, or gathered into batches. Calls do not block, are made
 * again while the service is unavailable, and fail with {@link
 * dev.dueline.client.DuelineException}.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.client.producer;
