/** News between the replicas that hold watchers and those that clients speak to. */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.news;
