/** How times, durations, payloads and enums are written on the command line and read from it. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.text;
