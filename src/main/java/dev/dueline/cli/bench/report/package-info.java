/** What a benchmark found: figures by name, how they are written, and the limits set to them. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.bench.report;
