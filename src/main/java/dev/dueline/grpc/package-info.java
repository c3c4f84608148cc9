/**
 * The wire: checks, mapping and status codes; no decision of its own.
 *
 * <pre>
 *   call          interceptors, and answers of unary calls
 *   failure       exception or outcome ─▶ status
 *   message       bounds of any request, checks of its fields
 *   accept        how many connections have a descriptor
 *   connection    what a peer may take up
 *   tls           what it may do beneath HTTP/2
 *   scheduler     jobs          ┐
 *   worker        deliveries    │ a package for each service of the contract,
 *   queue         queues        │ but that workers have one of their own
 *   health        grpc.health   │
 *   reflection                  ┘
 *   clock         of a service that tests run against
 *   scaler        what KEDA asks, where it is switched on
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc;
