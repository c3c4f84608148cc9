/** Times, lengths of time, addresses and notices, as pages have them. */
@org.jspecify.annotations.NullMarked
package dev.dueline.console.text;
