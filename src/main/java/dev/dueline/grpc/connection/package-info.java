/**
 * What one connection, one peer address, and all of them may use at once, whoever calls.
 *
 * <pre>
 *   accept ─▶ Connections: room? ─▶ Connection, of an Address        a stranger gives way to a new one
 *   read   ─▶ ReadGate, ReadSizes: when, and how much                  strangers and busy principals in turns
 *   TLS    ─▶ RecordGuard: counts records, and bytes of handshakes    ends the connection
 *   bytes  ─▶ FrameGuard: counts frames, before HTTP/2 reads them     ends the connection
 *   call   ─▶ CallAccount: calls in progress, bytes of messages       refuses the call
 *               held until they are read, or sent; in time            all over the bound: ends the
 *                                                                     connections that hold most
 *   read   ─▶ BufferMemory: direct buffers of the process             ends those that hold most
 * </pre>
 *
 * <p>{@link dev.dueline.grpc.connection.GuardedNegotiator} puts the guard into each channel's
 * pipeline. It stands on two classes of grpc-netty that are public but internal, since grpc-java
 * has no other place between TLS and HTTP/2.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.connection;
