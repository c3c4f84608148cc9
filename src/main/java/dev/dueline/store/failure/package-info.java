/** How a call to a store fails, each failure with whether the call may have happened. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.failure;
