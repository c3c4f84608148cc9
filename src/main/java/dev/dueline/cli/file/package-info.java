/** Jobs that are stored from a file, a line of JSON each. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.file;
