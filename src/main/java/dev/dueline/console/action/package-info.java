/**
 * What may be done by the forms of the console: the same operations as by the API, for those who
 * have the permission, each with a line in the log that says who did it.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.console.action;
