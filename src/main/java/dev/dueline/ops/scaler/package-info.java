/** The scaler of KEDA, where it is switched on. */
@org.jspecify.annotations.NullMarked
package dev.dueline.ops.scaler;
