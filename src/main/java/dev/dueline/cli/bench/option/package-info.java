/** Options that scenarios share, each with its limits. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.bench.option;
