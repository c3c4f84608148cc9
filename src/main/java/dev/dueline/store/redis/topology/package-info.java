/**
 * Which Redis holds a key, and one pipelined connection to it: a single Redis, a primary that
 * sentinels name, or the nodes of a cluster. The client library's own sentinel and cluster clients
 * wait without bound for a node that is silent, and refuse to connect while any node is away; here
 * each node fails alone, and within a bounded time.
 *
 * <pre>
 * RedisGateway ─┬─ SingleGateway     the configured Redis
 *               ├─ SentinelGateway   the primary, asked for four times a second
 *               └─ ClusterGateway    SlotTable; follows MOVED and ASK
 *                     │
 *                     ▼
 *                   Node → Line → one connection at a time
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.topology;
