/** The one thread and clock of delivery, and what waits by them: alarms, and the store's time. */
@org.jspecify.annotations.NullMarked
package dev.dueline.delivery.time;
