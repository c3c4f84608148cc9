/** The connection to a service, and what its failures mean to the person at the terminal. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.remote;
