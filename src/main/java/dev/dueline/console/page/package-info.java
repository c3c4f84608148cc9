/** The pages: each asks operations, makes its view of what they say, and has a template show it. */
@org.jspecify.annotations.NullMarked
package dev.dueline.console.page;
