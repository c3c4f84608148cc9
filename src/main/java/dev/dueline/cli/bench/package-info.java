/**
 * Measuring a service from outside, one scenario a subcommand of {@code bench}.
 *
 * <pre>
 *   BenchRun: connect ──▶ Scenario.run ──▶ cancel what is left ──▶ figures ──▶ thresholds ──▶ exit code
 *                            │ warm-up, then the same once more, measured
 *                            ▼
 *   option  options that scenarios share, with their limits
 *   run     what a scenario is made of, and its course
 *   report  figures by name, distributions, thresholds
 *   load    closed loops of calls, watchers that acknowledge, the jobs of a run
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.bench;
