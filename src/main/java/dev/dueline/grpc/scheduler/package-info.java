/**
 * {@code SchedulerService}: the RPCs of producers (schedule, cancel, look at jobs). Those of
 * workers are served by {@code grpc.worker}.
 *
 * <pre>
 *   SchedulerService ─▶ …Checks    what is wrong with a request, all of it, before the store
 *                    ─▶ …Mapping   proto ◄─▶ domain
 * </pre>
 *
 * <p>A request is checked whole, then mapped: a mapping takes what passed the checks for granted.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.scheduler;
