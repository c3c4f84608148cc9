/** The clock on the wire, of a service that tests run against: no other service has it. */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.clock;
