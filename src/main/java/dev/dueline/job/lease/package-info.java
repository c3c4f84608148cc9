/** Who holds a job for how long, and what it is given. */
@org.jspecify.annotations.NullMarked
package dev.dueline.job.lease;
