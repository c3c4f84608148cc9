/** The client for those who use Mutiny, as Quarkus does. */
@org.jspecify.annotations.NullMarked
package dev.dueline.client.mutiny;
