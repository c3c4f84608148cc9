/** Reads what people typed and chose, and refuses what they may not. */
@org.jspecify.annotations.NullMarked
package dev.dueline.console.input;
