/** Who goes first where more is asked for than is done at once. */
@org.jspecify.annotations.NullMarked
package dev.dueline.operation.turn;
