/**
 * How large a request may be in itself: bytes and fields are counted on the wire, before objects
 * are made of them.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.message;
