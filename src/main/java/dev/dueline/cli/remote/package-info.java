/** Which service a command talks to, and what failures mean to the person at the terminal. */
@org.jspecify.annotations.NullMarked
package dev.dueline.cli.remote;
