/**
 * The HTTP of the console: who is let in, what a request and an answer are, and what holds for all
 * of them. Knows no page.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.console.http;
