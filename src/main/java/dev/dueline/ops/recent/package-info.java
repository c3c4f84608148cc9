/** What this replica saw lately, for the console: incidents of the store, and lateness. */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.recent;
