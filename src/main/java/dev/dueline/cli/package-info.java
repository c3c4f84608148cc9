/**
 * The command line, on {@link dev.dueline.client}, one command a file.
 *
 * <pre>
 *   cli             the commands for jobs, each one request and its answer in plain lines
 *    ├─ queue       the commands for queues
 *    ├─ watch       the command that stays, and prints jobs as they fall due
 *    ├─ file        jobs that are stored from a file
 *    ├─ bench       measuring a service from outside
 *    ├─ debug       looking into Redis itself
 *    ├─ dev         the command that starts a service, for tests
 *    ├─ completion  what shells need to complete a command line
 *    ├─ remote      which service, and what a failed call means to the person who made it
 *    └─ text        how times, durations, payloads and enums are written and read
 * </pre>
 *
 * <p>Answers go to standard output, one line a job, fields separated by tabs; whatever else there
 * is to say goes to standard error. Exit codes: {@link dev.dueline.cli.remote.ExitCode}.
 */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli;
