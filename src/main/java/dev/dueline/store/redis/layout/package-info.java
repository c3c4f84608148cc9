/** How everything lies in Redis: the keys, packed ids, the bytes of records. */
@org.jspecify.annotations.NullMarked
package dev.dueline.store.redis.layout;
