/** What becomes of leases: by the word of clients, when they run out, and when nobody has them. */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.lease;
