/**
 * Sets up who is let in: TLS of the gRPC server, who is who, and what holds for each connection.
 * Refuses to start where the service would be open by mistake.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.security;
