/** The course of a run, and what several scenarios do in it: load, wait, count. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.bench.run;
