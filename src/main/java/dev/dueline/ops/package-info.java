/**
 * Puts the parts together: wiring, lifecycle and drain, health, metrics. Imported by nobody.
 *
 * <pre>
 *   Wiring      makes the parts            Lifecycle   start, drain and end
 *
 *   security    TLS, who is who            health      readiness
 *   console     how the console listens    liveness    whether threads still turn
 *   management  HTTP of health, metrics    memory      ends the process without memory
 *   scaler      of KEDA                    metrics     and labels, the queues that have one
 *   dev         dueline dev                traces      spans of deliveries
 *   debug       dueline debug              recent      for the console: incidents, lateness
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops;
