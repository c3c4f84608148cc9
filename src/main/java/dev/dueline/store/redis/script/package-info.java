/**
 * Calls of the scripts in {@code resources/lua}: a record for each, whose components are named as
 * the arguments in the script's head.
 *
 * <pre>
 *   RedisJobStore …  ── ClaimCall ──▶ ScriptRunner ── EVALSHA, NOSCRIPT → EVAL ──▶ claim.lua
 *                    ◀── Claim ────── ClaimCall.read(Reply) ◀──────────────────────┘
 *
 *   job         what clients do with jobs        lease    what holds or lost a lease
 *   queue       what operators do, streams       upkeep   what keeps a shard in order
 *   directory   which queues there are
 * </pre>
 *
 * <p>The text of a script is the number of the layout, {@code lib/prelude.lua}, the fragments that
 * its head names, and the file itself, see {@link dev.dueline.store.redis.script.Script}; without
 * what it does not use of them, see {@code ScriptText}.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.script;
