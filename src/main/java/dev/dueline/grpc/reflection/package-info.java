/** {@code grpc.reflection}, by which tools learn the contract from the service. */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.reflection;
