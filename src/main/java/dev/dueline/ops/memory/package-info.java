/**
 * Ends the process when memory has run out, however it was started.
 *
 * <pre>
 * thrown by            seen by
 * HotSpot              {@code VmErrors}: its own count, whoever caught the error
 * anybody, uncaught    the default handler of uncaught exceptions
 * anybody, logged      {@code LoggedErrors}
 * Netty, for buffers   {@code DirectMemory}: no buffer can be had for some time
 * native image         itself: built with ExitOnOutOfMemoryError
 * </pre>
 *
 * <p>A thread that met an OutOfMemoryError left its work at any instruction, and frameworks catch
 * the error and go on with what is left. So nothing tries to recover, nor to drain: Redis has the
 * jobs, and clients are used to replicas that are killed.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.memory;
