/**
 * What delivery asks of a store: claims of due jobs, the leases that it holds, feeds and releases.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.due;
