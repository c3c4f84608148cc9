/**
 * KEDA's external scaler on the wire: how much there is to do for the workers of a queue. Only
 * where it is switched on.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.grpc.scaler;
