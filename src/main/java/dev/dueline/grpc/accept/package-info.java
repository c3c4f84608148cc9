/** How fast connections are accepted, and how many descriptors there are for them. */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.accept;
