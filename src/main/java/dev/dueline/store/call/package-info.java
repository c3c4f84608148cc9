/** The arguments and answers of calls on jobs: schedule, cancel, reschedule, extend, list. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.call;
