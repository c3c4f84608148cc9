/**
 * The Redis that the service brings along: a real {@code redis-server} child process with AOF in a
 * data directory, started where {@code quarkus.redis.hosts} is not set.
 *
 * <pre>
 *   start ──▶ DataDirectory   create (0700), lock: one instance a directory
 *                           whatever another account could have planted is refused (TrustedPath)
 *         ──▶ Orphan          a server that outlived its JVM is ended first
 *         ──▶ RedisBinary     the server for this machine, out of the class path
 *         ──▶ ServerProcess   redis.conf (0600), child on 127.0.0.1:random, wait for PONG
 *         ──▶ Supervision     started again, on the same port, when it ends by itself
 *   close ──▶ SIGTERM, wait, unlock
 *
 *   Leftovers: where the server shall not outlive the JVM, BoundServer starts it with a watcher
 *
 *   data directory:  lock          held while a JVM uses the directory; names its pid
 *                    state         which server runs, for the next start (ServerState)
 *                    redis.conf    of the last start, with its password
 *                    redis.log     of the last start of the server; redis.log.1 of the one before
 *                    redis-server… the binary
 *                    appendonlydir the data
 * </pre>
 *
 * <p>It knows the JDK only, and nothing of Quarkus; {@code ops.EmbeddedRedisHosts} is the wiring.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.embedded;
