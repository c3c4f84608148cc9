/** Spans of deliveries, for a collector of OpenTelemetry. */
@NullMarked
package dev.dueline.ops.traces;

import org.jspecify.annotations.NullMarked;
