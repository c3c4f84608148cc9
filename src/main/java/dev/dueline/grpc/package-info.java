/**
 * The wire: validation, mapping and status codes; no decision of its own.
 *
 * <pre>
 *   SchedulerService ─▶ Scheduling Canceling Reading Leasing Pulling Watching    one class a topic
 *                          │
 *                          ├─ …Checks    what is wrong with a request, all of it, before the store
 *                          ├─ …Mapping   proto ◄─▶ domain
 *                          ├─ Answers    writes an answer, unless the call was canceled
 *                          └─ GrpcFailures  the one table from exception or outcome to status
 *   WatchStream        one WatchDue call: all its writes, on the event loop of delivery
 * </pre>
 *
 * <p>A request is checked whole, then mapped: a mapping takes what passed the checks for granted.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc;
