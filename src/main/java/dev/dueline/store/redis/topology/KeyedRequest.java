package dev.dueline.store.redis.topology;

import io.vertx.mutiny.redis.client.Request;

/**
 * A command for the server that holds a key.
 *
 * @param replication who must have what it writes
 */
record KeyedRequest(byte[] key, Request request, Replication replication) {}
