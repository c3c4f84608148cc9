/** What a connection may do beneath HTTP/2, in the records of its TLS, before and after calls. */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.tls;
